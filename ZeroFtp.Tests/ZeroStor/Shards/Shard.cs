namespace ZeroFtp.ZeroStor.Shards;

internal enum PartState
{
    Good,
    Corrupt,
    Missing,
}

/// <summary>One simulated 0-db server: octets under keys that it chooses, with a checksum beside each. It never notices by itself that an octet changed; only <see cref="Check"/> looks.</summary>
internal abstract class Shard(string id) : IDisposable
{
    /// <summary>host:port, or any other text that names it.</summary>
    public string Id { get; } = id;

    /// <summary>Refuses connections.</summary>
    public volatile bool Down;

    /// <summary>Refuses to store more.</summary>
    public volatile bool Full;

    /// <summary>How much later it answers each request.</summary>
    public int DelayMilliseconds;

    /// <summary>Parts that are stored and not deleted.</summary>
    public abstract long Count { get; }

    public abstract ulong Set(ReadOnlySpan<byte> octets);

    /// <summary>Fills the target with the first octets of the part; false if there is none of that key.</summary>
    public abstract bool Get(ulong key, Span<byte> target);

    public abstract PartState Check(ulong key);

    /// <returns>False if there is none of that key.</returns>
    public abstract bool Delete(ulong key);

    public abstract IReadOnlyList<ulong> Keys();

    /// <summary>Changes one octet of a part in place, and not its checksum.</summary>
    public abstract void Flip(ulong key, int position);

    public Task ArriveAsync(CancellationToken cancellationToken) => DelayMilliseconds > 0 ? Task.Delay(DelayMilliseconds, cancellationToken) : Task.CompletedTask;

    public virtual void Dispose()
    {
    }
}
