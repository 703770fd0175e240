using System.Buffers;

namespace ZeroFtp.Storage.Objects.ZeroStor.Memory;

/// <summary>A fixed piece of memory, reused through <see cref="SegmentPool"/>; it is its own node of a sequence.</summary>
internal sealed class Segment : ReadOnlySequenceSegment<byte>
{
    /// <summary>The octets of one segment: large enough for socket writes, small enough that a trickle does not hold a whole extent.</summary>
    public const int Size = 256 << 10;

    private readonly byte[] _array = GC.AllocateUninitializedArray<byte>(Size);

    public int Filled { get; private set; }

    public int Free => Size - Filled;

    public void Clear()
    {
        Filled = 0;
        Next = null;
        Memory = default;
    }

    public void LinkAfter(Segment? previous)
    {
        RunningIndex = previous is null ? 0 : previous.RunningIndex + previous.Filled;
        previous?.Next = this;
    }

    /// <summary>Copies as much as fits and says how much that was.</summary>
    public int Append(ReadOnlySpan<byte> octets)
    {
        int count = Math.Min(octets.Length, Free);
        octets[..count].CopyTo(_array.AsSpan(Filled));
        Filled += count;
        Memory = _array.AsMemory(0, Filled);
        return count;
    }
}
