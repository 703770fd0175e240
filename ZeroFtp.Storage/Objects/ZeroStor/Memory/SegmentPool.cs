using System.Collections.Concurrent;

namespace ZeroFtp.Storage.Objects.ZeroStor.Memory;

/// <summary>Segments that are not in use. It hands out without limit: whoever rents has taken the octets from a <see cref="MemoryBudget"/> before.</summary>
internal sealed class SegmentPool
{
    // What an idle front-end keeps.
    private const int KeptWhenIdle = 32;

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
        for (int excess = _free.Count - KeptWhenIdle; excess > 0 && _free.TryPop(out _); excess--)
        {
        }
    }
}
