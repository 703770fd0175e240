using ZeroFtp.Storage.Objects.ZeroStor.Memory;
using ZeroFtp.Storage.Objects.ZeroStor.Parts;
using ZeroFtp.Storage.Objects.ZeroStor.Schema;

namespace ZeroFtp.Storage.Objects.ZeroStor;

/// <summary>Stores content in 0-stor through its daemons.</summary>
internal sealed class DaemonAccess : IContentAccess
{
    private readonly ZeroStorClient _client;
    private readonly ZeroStorHealer _healer;
    private readonly PartDeleter _deleter;

    public DaemonAccess(ZeroStorOptions options, SegmentPool pool, TimeProvider timeProvider, ZeroStorEvents events, ZeroStorMetrics metrics)
    {
        _client = new ZeroStorClient(options, pool, timeProvider, events, metrics);
        PartInspector inspector = new(_client);
        _healer = new ZeroStorHealer(_client, inspector, options.CorruptRetries, events, metrics);
        _deleter = new PartDeleter(_client, inspector, options.CompareBeforeDeletion);
    }

    public bool IsHealthy => _client.IsHealthy;

    public ValueTask<IReadOnlyList<Chunk>> WriteAsync(Octets octets, CancellationToken cancellationToken) => _client.WriteAsync(octets, cancellationToken);

    public ValueTask<(Octets Octets, StoredObject? Repaired)> ReadAsync(StoredObject stored, bool verifies, CancellationToken cancellationToken) =>
        _healer.ReadAsync(stored, verifies, cancellationToken);

    public string WhyLeft(string reference)
    {
        IReadOnlyList<string> shards = PartMask.Shards(reference);
        IReadOnlyList<string> down = _client.WhichAreDown(shards);
        return down.Count > 0
            ? $"out of reach: {string.Join(", ", down)}; list shards that will not come back in storage:zeroStor:goneShards"
            : $"not deleted yet on {string.Join(", ", shards)}";
    }

    public ValueTask<string?> DeleteAsync(string reference, CancellationToken cancellationToken) => _deleter.DeleteAsync(reference, cancellationToken);

    public ValueTask<bool> DeleteOwnAsync(IReadOnlyList<Chunk> chunks, CancellationToken cancellationToken) =>
        _deleter.DeleteOwnAsync(chunks, cancellationToken);

    public ValueTask<ObjectState> CheckAsync(StoredObject stored, bool deep, CancellationToken cancellationToken) =>
        _healer.CheckAsync(stored, deep, cancellationToken);

    public ValueTask<StoredObject?> RepairAsync(StoredObject stored, CancellationToken cancellationToken) => _healer.RepairAsync(stored, cancellationToken);

    public void CountOrphan(long bytes) => _client.CountOrphan(bytes);

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }
}
