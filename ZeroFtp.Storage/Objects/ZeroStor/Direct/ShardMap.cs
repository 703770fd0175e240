using ZeroFtp.Storage.Objects.ZeroStor.Direct.Shards;

namespace ZeroFtp.Storage.Objects.ZeroStor.Direct;

/// <summary>The shards by the names that references have for them. Nothing is ever dialled that only a reference names.</summary>
internal sealed class ShardMap : IAsyncDisposable
{
    private readonly Dictionary<string, Shard> _byId;
    private readonly HashSet<string> _gone;

    public ShardMap(IEnumerable<Shard> shards, IEnumerable<string> gone)
    {
        All = [.. shards];
        _byId = All.ToDictionary(static shard => shard.Id, StringComparer.Ordinal);
        _gone = [.. gone];
    }

    public IReadOnlyList<Shard> All { get; }

    /// <summary>Returns the shard that a reference names, or null if it is not configured.</summary>
    public Shard? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>
    /// Whether what a reference names on this shard is lost for good. A name that is merely not configured may be a mistake, so its parts are out of
    /// reach.
    /// </summary>
    public bool IsGone(string id) => _gone.Contains(id);

    /// <summary>
    /// Returns the shards that hold no part of a block, those first that are healthy; among them the order is random, so that all fill alike.
    /// </summary>
    public Queue<Shard> ToWrite(Func<string, bool> isUsed)
    {
        Shard[] free = [.. All.Where(shard => !isUsed(shard.Id))];
        Random.Shared.Shuffle(free);
        return new Queue<Shard>(free.OrderBy(static shard => shard.IsHealthy ? 0 : 1));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Shard shard in All)
            await shard.DisposeAsync().ConfigureAwait(false);
    }
}
