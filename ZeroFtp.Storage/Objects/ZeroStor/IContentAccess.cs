using ZeroFtp.Storage.Objects.ZeroStor.Memory;
using ZeroFtp.Storage.Objects.ZeroStor.Schema;

namespace ZeroFtp.Storage.Objects.ZeroStor;

/// <summary>A way to the shards of 0-stor: through its daemons, or straight to its 0-db servers. Both read and delete what the other wrote.</summary>
internal interface IContentAccess : IAsyncDisposable
{
    /// <summary>Whether content can be expected to be stored and read now; for a health check.</summary>
    bool IsHealthy { get; }

    /// <summary>Stores content, which must stay unchanged until this has returned. Waits for shards at most for the retry budget.</summary>
    ValueTask<IReadOnlyList<Chunk>> WriteAsync(Octets octets, CancellationToken cancellationToken);

    /// <summary>Reads a whole object. The caller disposes the content.</summary>
    /// <param name="stored">The object.</param>
    /// <param name="verifies">Whether its XxHash128 is compared, beyond what the format itself verifies.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The content, and the object under its new reference if it had to be repaired.</returns>
    ValueTask<(Octets Octets, StoredObject? Repaired)> ReadAsync(StoredObject stored, bool verifies, CancellationToken cancellationToken);

    /// <summary>Deletes what a reference names, as far as it is proven to be of that object.</summary>
    /// <returns>A reference of what can only be deleted later, or null.</returns>
    ValueTask<string?> DeleteAsync(string reference, CancellationToken cancellationToken);

    /// <summary>Why a deletion left a reference.</summary>
    string WhyLeft(string reference) => "parts are out of reach";

    /// <summary>Deletes parts that were written a moment ago, so that they need no proof.</summary>
    /// <returns>Whether nothing is left of them.</returns>
    ValueTask<bool> DeleteOwnAsync(IReadOnlyList<Chunk> chunks, CancellationToken cancellationToken);

    /// <inheritdoc cref="IObjectStore.CheckAsync"/>
    ValueTask<ObjectState> CheckAsync(StoredObject stored, bool deep, CancellationToken cancellationToken);

    /// <inheritdoc cref="IObjectStore.RepairAsync"/>
    ValueTask<StoredObject?> RepairAsync(StoredObject stored, CancellationToken cancellationToken);

    /// <summary>Counts content of which shards may hold parts that no reference names.</summary>
    void CountOrphan(long bytes);
}
