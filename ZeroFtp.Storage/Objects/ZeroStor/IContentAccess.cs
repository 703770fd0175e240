using ZeroFtp.Storage.Objects.ZeroStor.Memory;
using ZeroFtp.Storage.Objects.ZeroStor.Schema;

namespace ZeroFtp.Storage.Objects.ZeroStor;

/// <summary>A path to the shards of 0-stor: through its daemons, or directly to its 0-db servers. Each reads and deletes what the other wrote.</summary>
internal interface IContentAccess : IAsyncDisposable
{
    /// <summary>True if storing and reading content should work now; for health checks.</summary>
    bool IsHealthy { get; }

    /// <summary>Stores content, which must not change until this returns. Waits for shards, for the retry budget at most.</summary>
    ValueTask<IReadOnlyList<Chunk>> WriteAsync(Octets octets, CancellationToken cancellationToken);

    /// <summary>Reads a whole object. The caller disposes the content.</summary>
    /// <param name="stored">The object.</param>
    /// <param name="verifies">True to compare the XxHash128 too, beyond what the format itself verifies.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The content, and the object under its new reference if it had to be repaired.</returns>
    ValueTask<(Octets Octets, StoredObject? Repaired)> ReadAsync(StoredObject stored, bool verifies, CancellationToken cancellationToken);

    /// <summary>Deletes what a reference names, as far as it is proven to belong to that object.</summary>
    /// <returns>A reference to what can only be deleted later, or null.</returns>
    ValueTask<string?> DeleteAsync(string reference, CancellationToken cancellationToken);

    /// <summary>Returns why a deletion left a reference.</summary>
    string WhyLeft(string reference) => "parts are out of reach";

    /// <summary>Deletes parts that have just been written and so need no proof.</summary>
    /// <returns>True if nothing is left of them.</returns>
    ValueTask<bool> DeleteOwnAsync(IReadOnlyList<Chunk> chunks, CancellationToken cancellationToken);

    /// <inheritdoc cref="IObjectStore.CheckAsync"/>
    ValueTask<ObjectState> CheckAsync(StoredObject stored, bool deep, CancellationToken cancellationToken);

    /// <inheritdoc cref="IObjectStore.RepairAsync"/>
    ValueTask<StoredObject?> RepairAsync(StoredObject stored, CancellationToken cancellationToken);

    /// <summary>Counts content whose parts may remain on shards although no reference names them.</summary>
    void CountOrphan(long bytes);
}
