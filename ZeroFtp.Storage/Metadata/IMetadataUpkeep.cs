namespace ZeroFtp.Storage.Metadata;

/// <summary>What keeps the store sound: front-ends' lives, garbage, checks.</summary>
internal interface IMetadataUpkeep
{
    /// <summary>The time that all front-ends compare, in microseconds: that of the database, or a moment less. The embedded store has only the clock of its machine.</summary>
    long Now { get; }

    /// <summary>
    /// Says that this front-end lives; to be called a few times within <see cref="MetadataOptions.ServerLifetime"/>. If it was taken for dead, it gets a new identity and its uploads are lost.
    /// </summary>
    /// <param name="oldestRead">When the oldest running download opened its file, or null: nothing that became garbage since is deleted.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>False if it had been taken for dead.</returns>
    ValueTask<bool> BeatAsync(long? oldestRead, CancellationToken cancellationToken);

    /// <summary>
    /// One bounded step of cleaning: uploads of dead front-ends, which become partials or garbage by the same rule as at run time; the object ids that they had reserved; and the trash of removed trees.
    /// Call it until it says that nothing is left. A front-end declares others dead only after it has itself beaten for a whole lifetime without a gap.
    /// </summary>
    ValueTask<ReapResult> ReapAsync(CancellationToken cancellationToken);

    /// <summary>One bounded step that turns garbage contents into dead objects: extents past their grace are dropped, and objects that no extent names any more are queued.</summary>
    /// <returns>How many extents and contents were dropped; 0 when there is nothing to do now.</returns>
    ValueTask<int> CollectAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Leases dead objects to this caller, for <paramref name="lease"/>. Nothing refers to them, now or ever again; each is to be deleted from the object store, then reported.</summary>
    ValueTask<IReadOnlyList<ObjectRow>> TakeDeadObjectsAsync(int limit, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>The objects are deleted (or were not there).</summary>
    ValueTask DeadObjectsDeletedAsync(IReadOnlyList<ObjectRow> objects, CancellationToken cancellationToken);

    /// <summary>Notes what is left of a dead object that could be deleted only in part. It stays leased until its time is over, so that it holds up no other.</summary>
    ValueTask DeadObjectShrunkAsync(ObjectRow left, CancellationToken cancellationToken);

    /// <summary>Every extent in the order of (stor_key, start), after the given one, for scrubbing and checks. An empty answer is the end.</summary>
    ValueTask<IReadOnlyList<ScannedExtent>> ScanExtentsAsync(string afterKey, long afterStart, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Records where an object is now (it was repaired): every extent that names it by the old reference gets the new one, and <paramref name="dropped"/>, which is what the old one names and the new one does
    /// not, becomes garbage. Of two who repair the same object one is recorded.
    /// </summary>
    /// <returns>Whether any extent names it by the new reference now; otherwise what was written is of no use.</returns>
    ValueTask<bool> ReplaceReferenceAsync(ObjectRow repaired, string? old, string? dropped, CancellationToken cancellationToken);

    /// <summary>
    /// Takes a turn at a job that one front-end does for all: true at most once within <paramref name="interval"/>, whoever asks. The first who ever asks only begins the interval.
    /// </summary>
    ValueTask<bool> TakeTurnAsync(string job, TimeSpan interval, CancellationToken cancellationToken);

    /// <summary>Gives a turn back that came to nothing: whoever asks next gets it.</summary>
    ValueTask ReturnTurnAsync(string job, CancellationToken cancellationToken);

    /// <summary>Asks the database itself a small question, to see whether it answers and whether what is written would stay.</summary>
    ValueTask ProbeAsync(CancellationToken cancellationToken);

    /// <summary>Which of the ids are named by no extent, no dead object, and no reservation of a living front-end: objects that only a fault can have left.</summary>
    ValueTask<IReadOnlyList<long>> FindUnknownObjectsAsync(IReadOnlyList<long> ids, CancellationToken cancellationToken);

    /// <summary>The paths, from the installation's root, of at most <paramref name="limit"/> of the files whose content names the object. A removed tree has none.</summary>
    ValueTask<IReadOnlyList<string>> FindPathsAsync(long objectId, int limit, CancellationToken cancellationToken);

    /// <summary>Counts again what each owner has, from the files, and corrects what was counted wrong.</summary>
    /// <returns>Whether it is right now.</returns>
    ValueTask<bool> RepairUsageAsync(CancellationToken cancellationToken);

    /// <summary>Lets the database examine its own files, where it does that on request (SQLite), and gives what it finds wrong, a sentence each.</summary>
    ValueTask<IReadOnlyList<string>> ExamineAsync(CancellationToken cancellationToken);

    /// <summary>Counts every breach of the store's invariants; a sound store gives only zeroes. Costs a pass over all rows.</summary>
    ValueTask<IReadOnlyDictionary<string, long>> CheckAsync(CancellationToken cancellationToken);
}
