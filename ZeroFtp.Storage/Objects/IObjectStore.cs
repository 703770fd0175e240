namespace ZeroFtp.Storage.Objects;

/// <summary>
/// A store of immutable objects. It knows octets and opaque references, never names of files, owners or directories; whatever refers to an object lives in the metadata.
/// </summary>
/// <remarks>
/// One instance serves all sessions at the same time. Failures are <see cref="Protocol.Driver.FtpDriverException"/> of the kinds <c>Unavailable</c> (cannot be reached, gave up, object gone or
/// corrupt beyond repair) and <c>InsufficientStorage</c> (full, or below the floor of free space); a cancelled token is an <see cref="OperationCanceledException"/>. What a store retries, it
/// retries inside; the caller does not try again. An object of no octets does not exist: an empty file has no extents.
/// </remarks>
internal interface IObjectStore : IAsyncDisposable
{
    /// <summary>The longest object, in octets. A longer file becomes several objects. Small (4 MiB) where an object is held in memory, large where it is a file.</summary>
    long MaxObjectLength { get; }

    /// <summary>
    /// Whether the name of an object is made from the id that the metadata reserved for it (<see cref="ReferenceFor"/>): then it is known before the first octet is written, and nothing can leak. Otherwise
    /// the reference is known only when <see cref="IObjectWriter.CompleteAsync"/> has returned.
    /// </summary>
    bool CallerNamesObjects { get; }

    /// <summary>Whether objects come over a network, so that the next one is worth fetching while one is sent; false where they are files that can go to the socket unread.</summary>
    bool IsRemote { get; }

    /// <summary>The reference of the object with this id, for stores with <see cref="CallerNamesObjects"/>; costs no I/O.</summary>
    /// <exception cref="NotSupportedException">The store names its objects itself.</exception>
    string ReferenceFor(long id);

    /// <summary>
    /// Begins an object. May wait until the memory that the store allows for all writers is free (back-pressure). Several writers may be open for one file at the same time, and completed in any order.
    /// </summary>
    /// <param name="reference">What <see cref="ReferenceFor"/> gave, or null where the store names objects.</param>
    /// <param name="expectedLength">How many octets will come if that is known; only a hint.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask<IObjectWriter> CreateAsync(string? reference, long? expectedLength, CancellationToken cancellationToken);

    /// <summary>The same for content that replaces other content and so makes room soon: up to <paramref name="replaced"/> bytes are stored also below the floor of free space, if the store can tell.</summary>
    ValueTask<IObjectWriter> CreateAsync(string? reference, long? expectedLength, long replaced, CancellationToken cancellationToken) => CreateAsync(reference, expectedLength, cancellationToken);

    /// <summary>
    /// Opens a stretch of an object. A remote store has fetched and verified it when this returns, so opening the next one while this one is being sent is how a caller prefetches; a local one has opened a
    /// file. The stretch lies within the object.
    /// </summary>
    ValueTask<IObjectReader> OpenAsync(StoredObject stored, long offset, long length, CancellationToken cancellationToken);

    /// <summary>Deletes an object; one that is not there, or only half there, counts as deleted.</summary>
    /// <returns>Null if nothing of it is left; otherwise a reference of what can only be deleted later, because it is where the store cannot reach it now. That replaces the one that was given.</returns>
    ValueTask<string?> DeleteAsync(string reference, CancellationToken cancellationToken);

    /// <summary>What a reference names and another does not; only that may be deleted while the other is in use. Repairs may keep what is good of an object, so that two references share it.</summary>
    /// <returns>Null if it names nothing else.</returns>
    string? Subtract(string reference, string kept) => reference == kept ? null : reference;

    /// <summary>Why a deletion left a reference, for an operator: such as the shards that are down.</summary>
    string WhyLeft(string reference) => "parts are out of reach";

    /// <summary>Makes the deletions so far durable; called once after a batch of them, before the last trace of the objects is removed. A store without need of that leaves the default.</summary>
    ValueTask FlushDeletionsAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>Looks whether the object is there and how well. <paramref name="deep"/> reads it and compares length and hash; otherwise presence (and length, if that is cheap) will do.</summary>
    ValueTask<ObjectState> CheckAsync(StoredObject stored, bool deep, CancellationToken cancellationToken);

    /// <summary>Restores the redundancy of a damaged object.</summary>
    /// <returns>The object as it is stored now, under a new reference if the store had to write any of it (what <see cref="Subtract"/> leaves of the old one is then for the caller to delete), or null if it cannot be repaired.</returns>
    ValueTask<StoredObject?> RepairAsync(StoredObject stored, CancellationToken cancellationToken);
}
