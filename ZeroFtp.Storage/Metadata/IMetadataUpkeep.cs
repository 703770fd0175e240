namespace ZeroFtp.Storage.Metadata;

/// <summary>Maintenance of the store: lifetimes of front-ends, garbage, checks.</summary>
internal interface IMetadataUpkeep
{
    /// <summary>
    /// The time that front-ends compare with each other, in microseconds: the database's, or a moment less. The embedded store uses the clock of its machine.
    /// </summary>
    long Now { get; }

    /// <summary>
    /// Renews this front-end's lease. Call it a few times within <see cref="MetadataOptions.ServerLifetime"/>. A front-end that was declared dead gets a new
    /// identity, and its uploads are lost.
    /// </summary>
    /// <param name="oldestRead">When the oldest running download opened its file, or null. Nothing that has become garbage since is deleted.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>False if it had been declared dead.</returns>
    ValueTask<bool> BeatAsync(long? oldestRead, CancellationToken cancellationToken);

    /// <summary>
    /// Runs one bounded cleaning step: uploads of dead front-ends become partials or garbage, by the same rule as at run time; their reserved object ids are
    /// swept; and the trash of removed trees is emptied. Repeat it until it reports that nothing is left. A front-end declares others dead only after it has
    /// itself renewed its lease for a whole lifetime without a gap.
    /// </summary>
    ValueTask<ReapResult> ReapAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Runs one bounded step that turns garbage content into dead objects: drops extents whose grace is over, and queues the objects that no extent names any
    /// more.
    /// </summary>
    /// <returns>The number of extents and contents dropped; 0 when there is nothing to do now.</returns>
    ValueTask<int> CollectAsync(int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Leases dead objects to the caller, for the time <paramref name="lease"/>. Nothing refers to them, now or ever again. The caller deletes each from the
    /// object store, then reports it.
    /// </summary>
    ValueTask<IReadOnlyList<ObjectRow>> TakeDeadObjectsAsync(int limit, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Reports that the objects are deleted, or did not exist.</summary>
    ValueTask DeadObjectsDeletedAsync(IReadOnlyList<ObjectRow> objects, CancellationToken cancellationToken);

    /// <summary>
    /// Records what is left of a dead object that could only be deleted in part. It stays leased until the lease ends, so that it does not delay others.
    /// </summary>
    ValueTask DeadObjectShrunkAsync(ObjectRow left, CancellationToken cancellationToken);

    /// <summary>Returns the extents after the given one, in the order of (stor_key, start), for scrubs and checks. An empty result is the end.</summary>
    ValueTask<IReadOnlyList<ScannedExtent>> ScanExtentsAsync(string afterKey, long afterStart, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Records the new location of a repaired object: every extent that names it by the old reference gets the new one, and <paramref name="dropped"/>, what
    /// the old reference names and the new one does not, becomes garbage. Of two concurrent repairs of an object, one is recorded.
    /// </summary>
    /// <returns>True if any extent names the object by the new reference now; otherwise the repair is useless.</returns>
    ValueTask<bool> ReplaceReferenceAsync(ObjectRow repaired, string? old, string? dropped, CancellationToken cancellationToken);

    /// <summary>
    /// Takes a turn at a job that one front-end does for all. Returns true at most once within <paramref name="interval"/>, whoever asks. The very first call
    /// only starts the interval.
    /// </summary>
    ValueTask<bool> TakeTurnAsync(string job, TimeSpan interval, CancellationToken cancellationToken);

    /// <summary>Returns a turn that was not used: the next caller gets it.</summary>
    ValueTask ReturnTurnAsync(string job, CancellationToken cancellationToken);

    /// <summary>Sends the database a small query, to see whether it answers and whether what is written would last.</summary>
    ValueTask ProbeAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Returns those of the ids that no extent, no dead object and no reservation of a living front-end names: objects that only a fault can have left.
    /// </summary>
    ValueTask<IReadOnlyList<long>> FindUnknownObjectsAsync(IReadOnlyList<long> ids, CancellationToken cancellationToken);

    /// <summary>
    /// Returns the paths, from the installation's root, of at most <paramref name="limit"/> files whose content names the object. Files in a removed tree have
    /// none.
    /// </summary>
    ValueTask<IReadOnlyList<string>> FindPathsAsync(long objectId, int limit, CancellationToken cancellationToken);

    /// <summary>Recounts the usage of each owner from the files, and corrects it.</summary>
    /// <returns>True if the usage is correct now.</returns>
    ValueTask<bool> RepairUsageAsync(CancellationToken cancellationToken);

    /// <summary>Lets the database check its own files, where it does that on request (SQLite), and returns every fault as a sentence.</summary>
    ValueTask<IReadOnlyList<string>> ExamineAsync(CancellationToken cancellationToken);

    /// <summary>Counts the violations of each of the store's invariants; all counts are 0 in a consistent store. Reads all rows.</summary>
    ValueTask<IReadOnlyDictionary<string, long>> CheckAsync(CancellationToken cancellationToken);
}
