using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ZeroFtp.Storage.Objects.ZeroStor.Direct.Coding;

/// <summary>Multiplies parts by coefficients of <see cref="GaloisField"/> and adds them up: the inner loop of the erasure code.</summary>
/// <remarks>
/// <para>
/// Multiplication by a coefficient c is linear over XOR, so c times a byte is the XOR of c times its low and c times its high nibble. Each has 16
/// possible values, which a byte shuffle looks up in one vector register:
/// two shuffles and one XOR multiply a whole vector.
/// </para>
/// <para>
/// The work is done in tiles that stay in the first-level cache, with up to four results at a time, so that the nibbles of a source are taken apart once
/// for four results. Example for 10+4: each tile of the ten data
/// parts is read once, and the four parity tiles are written once.
/// </para>
/// </remarks>
internal static class PartMultiplier
{
    /// <summary>Five tiles, one source and four results, fit a first-level cache of 32 KiB.</summary>
    private const int Tile = 4096;

    private const int TableLength = 32;

    /// <summary>For each coefficient its multiples of 0 to 15, then of 0 to 15 times 16.</summary>
    private static readonly byte[] Tables = MakeTables();

    /// <summary>
    /// Computes results[i] = sum over j of matrix[rows[i], j] * sources[j]. Sources and results are of one length, which is a multiple of 32, and do not
    /// overlap.
    /// </summary>
    public static void Multiply(CodeMatrix matrix, ReadOnlySpan<int> rows, ReadOnlySpan<ReadOnlyMemory<byte>> sources, ReadOnlySpan<Memory<byte>> results)
    {
        int length = sources[0].Length;
        for (int at = 0; at < length; at += Tile)
        {
            int count = Math.Min(Tile, length - at);
            for (int first = 0; first < rows.Length;)
            {
                int group = rows.Length - first >= 4 ? 4 : 1;
                for (int i = 0; i < group; i++)
                    results[first + i].Span.Slice(at, count).Clear();
                for (int j = 0; j < sources.Length; j++)
                {
                    ReadOnlySpan<byte> source = sources[j].Span.Slice(at, count);
                    if (group == 4)
                    {
                        AddFour(source,
                            results[first].Span.Slice(at, count), matrix[rows[first], j], results[first + 1].Span.Slice(at, count), matrix[rows[first + 1], j],
                            results[first + 2].Span.Slice(at, count), matrix[rows[first + 2], j],
                            results[first + 3].Span.Slice(at, count), matrix[rows[first + 3], j]);
                    }
                    else
                    {
                        AddOne(source, results[first].Span.Slice(at, count), matrix[rows[first], j]);
                    }
                }
                first += group;
            }
        }
    }

    private static void AddFour(
        ReadOnlySpan<byte> source, Span<byte> result0, byte factor0, Span<byte> result1, byte factor1, Span<byte> result2, byte factor2, Span<byte> result3,
            byte factor3)
    {
        if (!Avx2.IsSupported)
        {
            AddOne(source, result0, factor0);
            AddOne(source, result1, factor1);
            AddOne(source, result2, factor2);
            AddOne(source, result3, factor3);
            return;
        }
        ref byte from = ref MemoryMarshal.GetReference(source);
        ref byte to0 = ref MemoryMarshal.GetReference(result0);
        ref byte to1 = ref MemoryMarshal.GetReference(result1);
        ref byte to2 = ref MemoryMarshal.GetReference(result2);
        ref byte to3 = ref MemoryMarshal.GetReference(result3);
        (Vector256<byte> low0, Vector256<byte> high0) = Wide(factor0);
        (Vector256<byte> low1, Vector256<byte> high1) = Wide(factor1);
        (Vector256<byte> low2, Vector256<byte> high2) = Wide(factor2);
        (Vector256<byte> low3, Vector256<byte> high3) = Wide(factor3);
        Vector256<byte> nibble = Vector256.Create((byte)0x0f);
        for (nuint i = 0; i < (nuint)source.Length; i += 32)
        {
            Vector256<byte> value = Vector256.LoadUnsafe(ref from, i);
            Vector256<byte> low = value & nibble;
            Vector256<byte> high = Vector256.ShiftRightLogical(value.AsUInt16(), 4).AsByte() & nibble;
            (Vector256.LoadUnsafe(ref to0, i) ^ Avx2.Shuffle(low0, low) ^ Avx2.Shuffle(high0, high)).StoreUnsafe(ref to0, i);
            (Vector256.LoadUnsafe(ref to1, i) ^ Avx2.Shuffle(low1, low) ^ Avx2.Shuffle(high1, high)).StoreUnsafe(ref to1, i);
            (Vector256.LoadUnsafe(ref to2, i) ^ Avx2.Shuffle(low2, low) ^ Avx2.Shuffle(high2, high)).StoreUnsafe(ref to2, i);
            (Vector256.LoadUnsafe(ref to3, i) ^ Avx2.Shuffle(low3, low) ^ Avx2.Shuffle(high3, high)).StoreUnsafe(ref to3, i);
        }
    }

    private static void AddOne(ReadOnlySpan<byte> source, Span<byte> result, byte factor)
    {
        ref byte from = ref MemoryMarshal.GetReference(source);
        ref byte to = ref MemoryMarshal.GetReference(result);
        nuint length = (nuint)source.Length;
        if (factor == 0)
            return;
        if (factor == 1)
        {
            for (nuint i = 0; i < length; i += 16)
                (Vector128.LoadUnsafe(ref to, i) ^ Vector128.LoadUnsafe(ref from, i)).StoreUnsafe(ref to, i);
        }
        else if (Avx2.IsSupported)
        {
            (Vector256<byte> low, Vector256<byte> high) = Wide(factor);
            Vector256<byte> nibble = Vector256.Create((byte)0x0f);
            for (nuint i = 0; i < length; i += 32)
            {
                Vector256<byte> value = Vector256.LoadUnsafe(ref from, i);
                Vector256<byte> product =
                    Avx2.Shuffle(low, value & nibble) ^ Avx2.Shuffle(high, Vector256.ShiftRightLogical(value.AsUInt16(), 4).AsByte() & nibble);
                (Vector256.LoadUnsafe(ref to, i) ^ product).StoreUnsafe(ref to, i);
            }
        }
        else
        {
            Vector128<byte> low = Narrow(factor, 0), high = Narrow(factor, 16), nibble = Vector128.Create((byte)0x0f);
            for (nuint i = 0; i < length; i += 16)
            {
                Vector128<byte> value = Vector128.LoadUnsafe(ref from, i);
                Vector128<byte> product =
                    Vector128.Shuffle(low, value & nibble) ^ Vector128.Shuffle(high, Vector128.ShiftRightLogical(value.AsUInt16(), 4).AsByte() & nibble);
                (Vector128.LoadUnsafe(ref to, i) ^ product).StoreUnsafe(ref to, i);
            }
        }
    }

    private static (Vector256<byte> Low, Vector256<byte> High) Wide(byte factor)
    {
        Vector128<byte> low = Narrow(factor, 0), high = Narrow(factor, 16);
        return (Vector256.Create(low, low), Vector256.Create(high, high));
    }

    private static Vector128<byte> Narrow(byte factor, int offset) => Vector128.LoadUnsafe(ref Tables[(factor * TableLength) + offset]);

    private static byte[] MakeTables()
    {
        byte[] tables = new byte[256 * TableLength];
        for (int factor = 0; factor < 256; factor++)
        {
            for (int i = 0; i < 16; i++)
            {
                tables[(factor * TableLength) + i] = GaloisField.Multiply((byte)factor, (byte)i);
                tables[(factor * TableLength) + 16 + i] = GaloisField.Multiply((byte)factor, (byte)(i << 4));
            }
        }
        return tables;
    }
}
