using System.Collections.Concurrent;

namespace ZeroFtp.Storage.Objects.ZeroStor.Memory;

/// <summary>Pools unused segments. Renting is unlimited: callers take the bytes from a <see cref="MemoryBudget"/> first.</summary>
internal sealed class SegmentPool
{
    // Segments retained when none is in use.
    private const int RetainedWhenIdle = 32;

    private readonly ConcurrentStack<Segment> _free = new();
    private int _inUse;

    public int InUse => Volatile.Read(ref _inUse);

    public int Kept => _free.Count;

    public Segment Rent()
    {
        Interlocked.Increment(ref _inUse);
        return _free.TryPop(out Segment? segment) ? segment : new Segment();
    }

    public void Return(Segment segment)
    {
        segment.Clear();
        _free.Push(segment);
        if (Interlocked.Decrement(ref _inUse) == 0)
            Shrink();
    }

    private void Shrink()
    {
        for (int excess = _free.Count - RetainedWhenIdle; excess > 0 && _free.TryPop(out _); excess--)
        {
        }
    }
}
