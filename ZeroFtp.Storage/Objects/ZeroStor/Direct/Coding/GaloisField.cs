namespace ZeroFtp.Storage.Objects.ZeroStor.Direct.Coding;

/// <summary>Arithmetic in GF(2^8) with the polynomial x^8 + x^4 + x^3 + x^2 + 1 (0x11d) and the generator 2. Addition is XOR.</summary>
internal static class GaloisField
{
    private const int Polynomial = 0x11d;
    private const int Order = 255;

    private static readonly byte[] Exponents = new byte[2 * Order];
    private static readonly byte[] Logarithms = new byte[Order + 1];

    static GaloisField()
    {
        int power = 1;
        for (int i = 0; i < Order; i++)
        {
            Exponents[i] = Exponents[i + Order] = (byte)power;
            Logarithms[power] = (byte)i;
            power <<= 1;
            if (power > Order)
                power ^= Polynomial;
        }
    }

    public static byte Multiply(byte left, byte right) => left == 0 || right == 0 ? (byte)0 : Exponents[Logarithms[left] + Logarithms[right]];

    /// <summary>Returns the multiplicative inverse.</summary>
    /// <exception cref="DivideByZeroException"><paramref name="value"/> is zero.</exception>
    public static byte Invert(byte value) => value == 0 ? throw new DivideByZeroException() : Exponents[Order - Logarithms[value]];
}
