using System.Buffers;

namespace ZeroFtp.Storage.Objects.ZeroStor.Memory;

/// <summary>A fixed block of memory, reused through <see cref="SegmentPool"/>, which is also its own node of a sequence.</summary>
internal sealed class Segment : ReadOnlySequenceSegment<byte>
{
    /// <summary>The size of a segment in bytes: large enough for socket writes, small enough that a slow trickle does not occupy a whole extent.</summary>
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

    /// <summary>Copies as much as fits, and returns how much that was.</summary>
    public int Append(ReadOnlySpan<byte> bytes)
    {
        int count = Math.Min(bytes.Length, Free);
        bytes[..count].CopyTo(_array.AsSpan(Filled));
        Filled += count;
        Memory = _array.AsMemory(0, Filled);
        return count;
    }
}
