namespace ZeroFtp.ZeroStor.Shards;

internal enum PartState
{
    Good,
    Corrupt,
    Missing,
}

/// <summary>One simulated 0-db server: bytes under keys that it chooses, with a checksum beside each. It never notices by itself that an byte changed; only <see cref="Check"/> looks.</summary>
internal abstract class Shard(string id) : IDisposable
{
    /// <summary>host:port, or any other text that names it.</summary>
    public string Id { get; } = id;

    /// <summary>Refuses connections.</summary>
    public volatile bool Down;

    /// <summary>Refuses to store more.</summary>
    public volatile bool Full;

    /// <summary>Is not in the daemons' configuration any more.</summary>
    public volatile bool Left;

    /// <summary>Content that fits; a larger part may be refused where a smaller one is stored.</summary>
    public long Capacity = long.MaxValue;

    private int _stale;
    private int _eofSaid;

    /// <summary>How much later it answers each request.</summary>
    public int DelayMilliseconds;

    /// <summary>Parts that are stored and not deleted.</summary>
    public abstract long Count { get; }

    /// <summary>Content of the parts that are stored and not deleted.</summary>
    public abstract long StoredBytes { get; }

    /// <summary>Pooled connections to it that broke with a restart and whose next use answers EOF.</summary>
    public int Stale
    {
        get => Volatile.Read(ref _stale);
        set => Volatile.Write(ref _stale, value);
    }

    /// <summary>Stores a part under the next number of a counter, which begins at 0 when the shard is new or was emptied.</summary>
    public abstract ulong Set(ReadOnlySpan<byte> bytes);

    /// <summary>Fills the target with the beginning of the part.</summary>
    /// <returns>The length of the part, or null if there is none of that key.</returns>
    public abstract int? Get(ulong key, Span<byte> target);

    public abstract PartState Check(ulong key);

    /// <returns>Null if there is none of that key.</returns>
    public abstract ShardEntry? Find(ulong key);

    /// <summary>The number that the next part gets.</summary>
    public abstract ulong Next { get; }

    /// <returns>False if there is none of that key.</returns>
    public abstract bool Delete(ulong key);

    public abstract IReadOnlyList<ulong> Keys();

    /// <summary>Forgets everything, as a server that comes back with an empty directory: keys count from 0 again.</summary>
    public abstract void Empty();

    /// <summary>Changes one byte of a part in place, and not its checksum.</summary>
    public abstract void Flip(ulong key, int position);

    public bool HasRoom(int length) => !Full && (Capacity == long.MaxValue || StoredBytes + length <= Capacity);

    /// <summary>Why a request does not reach it now, or null.</summary>
    public Grpc.Core.RpcException? TryReach()
    {
        // The first request after it has gone meets a connection that just broke; only the next one has to dial.
        if (Down)
            return Interlocked.Exchange(ref _eofSaid, 1) == 0 ? Errors.Eof() : Errors.Refused(Id);
        Volatile.Write(ref _eofSaid, 0);
        for (int stale = Stale; stale > 0; stale = Stale)
        {
            if (Interlocked.CompareExchange(ref _stale, stale - 1, stale) == stale)
                return Errors.Eof();
        }

        return null;
    }

    public Task ArriveAsync(CancellationToken cancellationToken) => DelayMilliseconds > 0 ? Task.Delay(DelayMilliseconds, cancellationToken) : Task.CompletedTask;

    public virtual void Dispose()
    {
    }
}
