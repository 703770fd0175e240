namespace ZeroFtp.Storage.Objects;

/// <summary>
/// Composes the CRC-32 of a whole from those of its parts. A CRC is a remainder of polynomial division over GF(2); putting n octets behind a part multiplies its polynomial by x^(8n), so the remainder is
/// multiplied by x^(8n) too and the other part's is added.
/// </summary>
internal static class Crc32Combination
{
    // Bits are reflected, as in the CRC itself: the highest bit is the coefficient of x^0.
    private const uint Polynomial = 0xEDB88320;
    private const uint One = 0x80000000;
    private const uint XToTheEighth = One >> 8;

    /// <summary>The CRC-32 of the octets of <paramref name="first"/> followed by the <paramref name="secondLength"/> octets of <paramref name="second"/>.</summary>
    public static uint Combine(uint first, uint second, long secondLength)
    {
        uint shift = One;
        uint square = XToTheEighth;
        for (ulong rest = (ulong)secondLength; rest != 0; rest >>= 1)
        {
            if ((rest & 1) != 0)
                shift = Multiply(shift, square);
            square = Multiply(square, square);
        }
        return Multiply(shift, first) ^ second;
    }

    private static uint Multiply(uint left, uint right)
    {
        uint product = 0;
        for (uint bit = One; bit != 0; bit >>= 1)
        {
            if ((left & bit) != 0)
                product ^= right;
            right = (right & 1) != 0 ? (right >> 1) ^ Polynomial : right >> 1;
        }
        return product;
    }
}
