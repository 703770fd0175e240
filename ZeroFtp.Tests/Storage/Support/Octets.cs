using System.Buffers;

namespace ZeroFtp.Tests.Storage.Support;

/// <summary>Octets that are the same in every run and cut into segments as a test wants.</summary>
internal static class Octets
{
    public static byte[] Make(int length, int seed = 1)
    {
        byte[] octets = new byte[length];
        new Random(seed).NextBytes(octets);
        return octets;
    }

    /// <summary>The octets as a sequence whose segments have the given length each.</summary>
    public static ReadOnlySequence<byte> Cut(ReadOnlyMemory<byte> octets, int segmentLength)
    {
        Segment first = new(octets[..Math.Min(segmentLength, octets.Length)], 0);
        Segment last = first;
        for (int start = segmentLength; start < octets.Length; start += segmentLength)
            last = last.Add(octets.Slice(start, Math.Min(segmentLength, octets.Length - start)));
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long runningIndex) => (Memory, RunningIndex) = (memory, runningIndex);

        public Segment Add(ReadOnlyMemory<byte> memory)
        {
            Segment next = new(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
