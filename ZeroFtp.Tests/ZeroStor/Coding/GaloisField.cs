using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ZeroFtp.ZeroStor.Coding;

/// <summary>GF(2^8) with the polynomial 0x11D.</summary>
internal static class GaloisField
{
    private static readonly byte[] Exponents = new byte[512];
    private static readonly byte[] Logarithms = new byte[256];

    // For a constant c, 16 products with the low nibbles, then 16 with the high ones: what a byte shuffle needs.
    private static readonly byte[] Nibbles = new byte[256 * 32];

    static GaloisField()
    {
        for (int power = 0, value = 1; power < 255; power++)
        {
            Exponents[power] = Exponents[power + 255] = (byte)value;
            Logarithms[value] = (byte)power;
            value <<= 1;
            if (value > 255)
                value ^= 0x11D;
        }

        for (int c = 0; c < 256; c++)
        {
            for (int nibble = 0; nibble < 16; nibble++)
            {
                Nibbles[(c * 32) + nibble] = Multiply((byte)c, (byte)nibble);
                Nibbles[(c * 32) + 16 + nibble] = Multiply((byte)c, (byte)(nibble << 4));
            }
        }
    }

    public static byte Multiply(byte a, byte b) => a == 0 || b == 0 ? (byte)0 : Exponents[Logarithms[a] + Logarithms[b]];

    public static byte Invert(byte a) => a == 0 ? throw new DivideByZeroException() : Exponents[255 - Logarithms[a]];

    /// <summary>Adds c times the source to the target.</summary>
    public static void MultiplyAdd(byte c, ReadOnlySpan<byte> source, Span<byte> target)
    {
        ReadOnlySpan<byte> low = Nibbles.AsSpan(c * 32, 16);
        ReadOnlySpan<byte> high = Nibbles.AsSpan((c * 32) + 16, 16);
        int done = 0;
        if (Avx2.IsSupported)
        {
            Vector256<byte> lows = Vector256.Create(Vector128.Create(low), Vector128.Create(low));
            Vector256<byte> highs = Vector256.Create(Vector128.Create(high), Vector128.Create(high));
            ref byte from = ref MemoryMarshal.GetReference(source);
            ref byte to = ref MemoryMarshal.GetReference(target);
            for (; done <= source.Length - 32; done += 32)
            {
                Vector256<byte> bytes = Vector256.LoadUnsafe(ref from, (nuint)done);
                Vector256<byte> product = Avx2.Shuffle(lows, bytes & Vector256.Create((byte)15)) ^ Avx2.Shuffle(highs, Vector256.ShiftRightLogical(bytes, 4));
                (Vector256.LoadUnsafe(ref to, (nuint)done) ^ product).StoreUnsafe(ref to, (nuint)done);
            }
        }

        for (; done < source.Length; done++)
            target[done] ^= (byte)(low[source[done] & 15] ^ high[source[done] >> 4]);
    }
}
