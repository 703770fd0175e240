namespace ZeroFtp.Storage.Metadata;

/// <summary>
/// The object ids reserved for this front-end. Tracks which ids are still available, and which blocks are finished because all their ids have been named.
/// </summary>
internal sealed class ReservedIds
{
    public const int BlockSize = 1_024;

    private const int Spent = 4;

    private readonly Lock _lock = new();
    private readonly Dictionary<long, int> _open = [];
    private readonly Queue<long> _spent = [];

    private long _next;
    private long _end;

    /// <summary>Returns the next id, or null if a block must be added first.</summary>
    public long? TryTake()
    {
        lock (_lock)
            return _next < _end ? _next++ : null;
    }

    /// <summary>Adds a journalled block. The remaining ids of the previous block are given up; the reaper sweeps them.</summary>
    public void Add(long first)
    {
        lock (_lock)
        {
            _open[first] = BlockSize;
            (_next, _end) = (first, first + BlockSize);
        }
    }

    /// <summary>Records that the id has been named in the journal, in a file, or in garbage.</summary>
    public void Settle(long id)
    {
        long block = id & ~(long)(BlockSize - 1);
        lock (_lock)
        {
            if (!_open.TryGetValue(block, out int left))
                return;
            _open[block] = left - 1;
            if (left > 1)
                return;
            _open.Remove(block);
            _spent.Enqueue(block);
        }
    }

    /// <summary>Returns at most four blocks whose rows can be deleted.</summary>
    public long[] TakeSpent()
    {
        lock (_lock)
        {
            long[] blocks = new long[Math.Min(Spent, _spent.Count)];
            for (int i = 0; i < blocks.Length; i++)
                blocks[i] = _spent.Dequeue();
            return blocks;
        }
    }

    /// <summary>Drops all blocks, because they belong to an identity that was declared dead.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _open.Clear();
            _spent.Clear();
            (_next, _end) = (0, 0);
        }
    }
}
