using System.Buffers;

namespace ZeroFtp.Storage.Objects.ZeroStor.Direct.Coding;

/// <summary>What came of reading a block.</summary>
/// <param name="Length">The length of the content; -1 if no choice of parts gave it.</param>
/// <param name="Used">The numbers of the parts that it was read from.</param>
internal readonly record struct RecoveredBlock(int Length, int[] Used);

/// <summary>Reads a block from any parts that give what was stored: a damaged or foreign part costs another try, not the block.</summary>
internal sealed class BlockRecovery(BlockCodec codec)
{
    /// <summary>The most choices of parts that are tried for one block. 10+4 has 1,001; a block that needs more is as good as lost.</summary>
    private const int MaxTries = 2048;

    /// <param name="size">The size of the processed block.</param>
    /// <param name="hash">The hash of the content.</param>
    /// <param name="parts">The parts by their number, in the order of the reference; empty where one could not be had.</param>
    /// <param name="destination">Takes the content.</param>
    public RecoveredBlock Read(int size, ReadOnlySpan<byte> hash, ReadOnlySpan<ReadOnlyMemory<byte>> parts, Span<byte> destination)
    {
        BlockFormat format = codec.Format;
        if (hash.Length != codec.HashLength || size <= 0 || (format.IsCoded && parts.Length != format.Parts))
            return new RecoveredBlock(-1, []);
        int length = codec.PartLength(size);
        List<int> usable = [];
        for (int i = 0; i < parts.Length; i++)
        {
            if (parts[i].Length == length)
                usable.Add(i);
        }
        byte[] processed = ArrayPool<byte>.Shared.Rent(codec.RoomToJoin(size));
        try
        {
            int tries = 0;
            foreach (int[] chosen in Choices(usable, format.PartsToRead))
            {
                if (tries++ == MaxTries)
                    break;
                codec.Join(size, parts, chosen, processed);
                int count = codec.Restore(processed.AsSpan(0, size), hash, destination);
                if (count >= 0)
                    return new RecoveredBlock(count, chosen);
            }
            return new RecoveredBlock(-1, []);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(processed);
        }
    }

    /// <summary>Returns the numbers of the parts that are missing or not what was stored, given a choice that is.</summary>
    public List<int> FindDamaged(int size, ReadOnlySpan<ReadOnlyMemory<byte>> parts, ReadOnlySpan<int> good)
    {
        byte[] processed = ArrayPool<byte>.Shared.Rent(codec.RoomToJoin(size));
        try
        {
            codec.Join(size, parts, good, processed);
            using EncodedBlock whole = codec.Divide(processed.AsSpan(0, size), default);
            List<int> damaged = [];
            for (int i = 0; i < whole.Count; i++)
            {
                if (i >= parts.Length || !parts[i].Span.SequenceEqual(whole[i].Span))
                    damaged.Add(i);
            }
            return damaged;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(processed);
        }
    }

    /// <summary>Every choice of <paramref name="count"/> numbers, the first ones first.</summary>
    private static IEnumerable<int[]> Choices(List<int> numbers, int count)
    {
        if (numbers.Count < count)
            yield break;
        int[] at = [.. Enumerable.Range(0, count)];
        while (true)
        {
            yield return [.. at.Select(i => numbers[i])];
            int last = count - 1;
            while (last >= 0 && at[last] == numbers.Count - count + last)
                last--;
            if (last < 0)
                yield break;
            at[last]++;
            for (int i = last + 1; i < count; i++)
                at[i] = at[i - 1] + 1;
        }
    }
}
