using System.Buffers;

namespace ZeroFtp.Tests.Storage.Support;

/// <summary>Bytes that are the same in every run and cut into segments as a test wants.</summary>
internal static class Octets
{
    public static byte[] Make(int length, int seed = 1)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>The bytes as a sequence whose segments have the given length each.</summary>
    public static ReadOnlySequence<byte> Cut(ReadOnlyMemory<byte> bytes, int segmentLength)
    {
        Segment first = new(bytes[..Math.Min(segmentLength, bytes.Length)], 0);
        Segment last = first;
        for (int start = segmentLength; start < bytes.Length; start += segmentLength)
            last = last.Add(bytes.Slice(start, Math.Min(segmentLength, bytes.Length - start)));
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
