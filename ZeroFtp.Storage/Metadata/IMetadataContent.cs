namespace ZeroFtp.Storage.Metadata;

/// <summary>Extents, uploads and their journal.</summary>
internal interface IMetadataContent
{
    /// <summary>This front-end's identity, for <see cref="UploadPlan.Server"/>; it changes if the front-end is taken for dead. No round trip.</summary>
    long ServerId { get; }

    /// <summary>A new 63-bit id that nobody else has, for an object whose name its store chooses. No round trip.</summary>
    long NewId();

    /// <summary>A new content key (<c>stor_key</c>) that nobody else has. No round trip.</summary>
    string NewKey();

    /// <summary>
    /// An object id that is journalled already: if this front-end dies before the id is named in a journal batch, a publication or <see cref="DiscardAsync"/>, the reaper gives the id to garbage.
    /// One round trip in 1,024 calls. Every id must end in one of those three.
    /// </summary>
    ValueTask<long> ReserveObjectIdAsync(CancellationToken cancellationToken);

    /// <summary>Gives up objects that were written, or may have been, and that no journal batch names. They are deleted by the collector.</summary>
    ValueTask DiscardAsync(IReadOnlyList<ObjectRow> objects, CancellationToken cancellationToken);

    /// <summary>
    /// The file's row with <see cref="FileRow.StorKey"/> and its extents from the one that holds <paramref name="offset"/> on, at most <paramref name="limit"/> of them; null if there is no such entry.
    /// A directory or link has no extents. One round trip.
    /// </summary>
    ValueTask<FileContent?> ReadContentAsync(long directory, string name, long offset, int limit, CancellationToken cancellationToken);

    /// <summary>Further extents of the file as <paramref name="file"/> describes it, from the one that holds <paramref name="offset"/> on; null if its content has changed since.</summary>
    ValueTask<IReadOnlyList<Extent>?> ReadExtentsAsync(FileRow file, long offset, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Extents of the content as <paramref name="file"/> describes it, from <paramref name="offset"/> on, whatever has become of the file since: what was replaced or cut is found until it is collected. One round trip.
    /// </summary>
    /// <param name="file">The file as it was opened, after its reader was registered.</param>
    /// <param name="reader">The front-end that the reader was registered with (<see cref="ServerId"/> at that time): while it lives, nothing that the reader needs is collected.</param>
    /// <param name="offset">Where an extent of that version begins, or where an earlier page ended.</param>
    /// <param name="limit">How many extents of the current content are read at most; the page has at most twice that number.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Extents without a gap, the first one beginning at the offset; empty at the end, or if the content is gone; null if it has changed and may be gone.</returns>
    ValueTask<IReadOnlyList<Extent>?> ReadSnapshotAsync(FileRow file, long reader, long offset, int limit, CancellationToken cancellationToken);

    /// <summary>How many extents the content has that <paramref name="file"/> names; no more than <paramref name="most"/> are counted.</summary>
    ValueTask<long> CountExtentsAsync(FileRow file, long most, CancellationToken cancellationToken);

    /// <summary>
    /// Journals extents whose objects are durable. Batches come in order and without gaps, starting at 0: <see cref="Extent.Start"/> counts from the first octet received, whatever the offset in the file.
    /// The first batch, which may be empty, also registers the upload, so that a dead front-end's is found. One round trip. A small upload never calls this.
    /// </summary>
    /// <returns>False if this front-end was taken for dead meanwhile: the upload is lost.</returns>
    ValueTask<bool> JournalAsync(UploadPlan plan, IReadOnlyList<Extent> extents, CancellationToken cancellationToken);

    /// <summary>
    /// Journals a stretch of another file's extents, by reference, at <paramref name="at"/> of the upload (copying and combining without moving bytes). A stretch larger than 1,000 extents takes several calls.
    /// </summary>
    /// <param name="plan">The upload.</param>
    /// <param name="source">The other file, as it was read.</param>
    /// <param name="offset">Where the stretch begins in it.</param>
    /// <param name="end">Where it ends: an extent that reaches beyond is left out.</param>
    /// <param name="at">The length of the upload so far.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>How many bytes were added from <paramref name="offset"/> on; 0 at the stretch's end; null if the source has changed since it was read.</returns>
    ValueTask<long?> JournalCopyAsync(UploadPlan plan, FileRow source, long offset, long end, long at, CancellationToken cancellationToken);

    /// <summary>
    /// Publishes an upload: afterwards the name shows it, and every object it no longer needs is garbage. <see cref="PublishRequest.Extents"/> may hold up to 64 extents that were not journalled: a small upload is this one call.
    /// Plain uploads cost the same whatever their length; appending costs what the appended extents cost.
    /// Outcomes: Done, NotFound (the directory), IsDirectory, AlreadyExists (CreateNew), Conflict (the base of Append or Overwrite was replaced, renamed or removed), QuotaExceeded, Fenced.
    /// Whatever the outcome but Done, the upload stays as it was and is to be abandoned.
    /// </summary>
    ValueTask<PublishResult> PublishAsync(PublishRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Ends an upload that will not be published. If <paramref name="keepPartial"/> and the plan allow it, what arrived is kept as a partial file by the rule of <see cref="PartialRule"/>; the rest becomes garbage.
    /// </summary>
    /// <param name="request">The same as for publication: length so far, and the extents that were not journalled yet. <see cref="PublishRequest.Length"/> must be what the extents hold.</param>
    /// <param name="keepPartial">False if what arrived is of no use.</param>
    /// <param name="cancellationToken">Cancels. The reaper then finds what was journalled.</param>
    ValueTask<AbandonResult> AbandonAsync(PublishRequest request, bool keepPartial, CancellationToken cancellationToken);

    /// <summary>Bytes and files that are charged to an owner.</summary>
    ValueTask<Usage> GetUsageAsync(string owner, CancellationToken cancellationToken);
}
