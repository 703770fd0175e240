namespace ZeroFtp.Storage.Metadata;

/// <summary>Extents, uploads and their journal.</summary>
internal interface IMetadataContent
{
    /// <summary>This front-end's identity, for <see cref="UploadPlan.Server"/>. It changes if the front-end is declared dead. No round trip.</summary>
    long ServerId { get; }

    /// <summary>Returns a new unique 63-bit id, for an object whose name the object store chooses. No round trip.</summary>
    long NewId();

    /// <summary>Returns a new unique content key (<c>stor_key</c>). No round trip.</summary>
    string NewKey();

    /// <summary>
    /// Returns an object id that is already journalled: if this front-end dies before the id is named in a journal batch, a publication or
    /// <see cref="DiscardAsync"/>, the reaper turns the id into garbage. One round trip per 1,024 calls. Every id must end in one of those three.
    /// </summary>
    ValueTask<long> ReserveObjectIdAsync(CancellationToken cancellationToken);

    /// <summary>Gives up objects that were written, or may have been, and that no journal batch names. The garbage collection deletes them.</summary>
    ValueTask DiscardAsync(IReadOnlyList<ObjectRow> objects, CancellationToken cancellationToken);

    /// <summary>
    /// Returns the file's row with <see cref="FileRow.StorKey"/>, and at most <paramref name="limit"/> of its extents, starting with the one that contains
    /// <paramref name="offset"/>; null if there is no such entry. A directory or link has no extents. One round trip.
    /// </summary>
    ValueTask<FileContent?> ReadContentAsync(long directory, string name, long offset, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Returns further extents of the file as <paramref name="file"/> describes it, starting with the one that contains <paramref name="offset"/>; null if the
    /// content has changed since.
    /// </summary>
    ValueTask<IReadOnlyList<Extent>?> ReadExtentsAsync(FileRow file, long offset, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Returns extents of the content as <paramref name="file"/> describes it, from <paramref name="offset"/> on, whatever has happened to the file since:
    /// content that was replaced or cut remains until it is collected. One round trip.
    /// </summary>
    /// <param name="file">The file as it was opened, after its reader was registered.</param>
    /// <param name="reader">
    /// The front-end with which the reader was registered (<see cref="ServerId"/> at that time). While it lives, nothing that the reader needs is collected.
    /// </param>
    /// <param name="offset">Where an extent of that version starts, or where an earlier page ended.</param>
    /// <param name="limit">Maximum number of extents of the current content to read; the page has at most twice as many.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>
    /// Extents without gaps, the first one starting at the offset; empty at the end, or if the content is gone; null if it has changed and may be gone.
    /// </returns>
    ValueTask<IReadOnlyList<Extent>?> ReadSnapshotAsync(FileRow file, long reader, long offset, int limit, CancellationToken cancellationToken);

    /// <summary>Counts the extents of the content that <paramref name="file"/> names, up to <paramref name="most"/>.</summary>
    ValueTask<long> CountExtentsAsync(FileRow file, long most, CancellationToken cancellationToken);

    /// <summary>
    /// Journals extents whose objects are durable. Batches come in order and without gaps, starting at 0: <see cref="Extent.Start"/> counts from the first
    /// received byte, whatever the offset in the file. The first batch, which may be empty, also registers the upload, so that the reaper finds it if this
    /// front-end dies. One round trip. A small upload never calls this.
    /// </summary>
    /// <returns>False if this front-end was declared dead meanwhile: the upload is lost.</returns>
    ValueTask<bool> JournalAsync(UploadPlan plan, IReadOnlyList<Extent> extents, CancellationToken cancellationToken);

    /// <summary>
    /// Journals a range of another file's extents, by reference, at position <paramref name="at"/> of the upload (copies and joins files without moving bytes).
    /// A range of more than 1,000 extents takes several calls.
    /// </summary>
    /// <param name="plan">The upload.</param>
    /// <param name="source">The other file, as it was read.</param>
    /// <param name="offset">Where the range starts in it.</param>
    /// <param name="end">Where the range ends. An extent that extends beyond is left out.</param>
    /// <param name="at">The length of the upload so far.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>
    /// The number of bytes added from <paramref name="offset"/> on; 0 at the end of the range; null if the source has changed since it was read.
    /// </returns>
    ValueTask<long?> JournalCopyAsync(UploadPlan plan, FileRow source, long offset, long end, long at, CancellationToken cancellationToken);

    /// <summary>
    /// Publishes an upload: afterwards the name shows it, and every object that is no longer needed is garbage. <see cref="PublishRequest.Extents"/> may
    /// contain up to 64 extents that were not journalled: a small upload is this one call. Plain uploads cost the same whatever their length; appending costs
    /// as much as the appended extents. Outcomes: Done, NotFound (the directory), IsDirectory, AlreadyExists (CreateNew), Conflict (the base of Append or
    /// Overwrite was replaced, renamed or removed), QuotaExceeded, Fenced. Unless the outcome is Done, the upload is unchanged and must be abandoned.
    /// </summary>
    ValueTask<PublishResult> PublishAsync(PublishRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Ends an upload that will not be published. If <paramref name="keepPartial"/> and the plan allow it, what arrived is kept as a partial file, by
    /// <see cref="PartialRule"/>. The rest becomes garbage.
    /// </summary>
    /// <param name="request">
    /// The same as for a publication: the length so far, and the extents that were not journalled yet. <see cref="PublishRequest.Length"/> must be the length
    /// of the extents.
    /// </param>
    /// <param name="keepPartial">False if what arrived is useless.</param>
    /// <param name="cancellationToken">Cancels. The reaper then finds what was journalled.</param>
    ValueTask<AbandonResult> AbandonAsync(PublishRequest request, bool keepPartial, CancellationToken cancellationToken);

    /// <summary>Returns the bytes and files that are charged to an owner.</summary>
    ValueTask<Usage> GetUsageAsync(string owner, CancellationToken cancellationToken);
}
