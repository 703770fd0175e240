namespace ZeroFtp.Storage.Metadata;

/// <summary>Directories and entries. A directory is addressed by its id, never by a path, so renaming an ancestor changes nothing.</summary>
/// <remarks>
/// Each change is applied at most once, although it may be sent again when its answer was lost. Its outcome says whether this call applied it, whatever others
/// have done since.
/// </remarks>
internal interface IMetadataTree
{
    /// <summary>The id of the installation's root directory.</summary>
    const long Root = 1;

    /// <summary>
    /// Resolves names downwards from a directory, in one round trip at most. Stops at the first name that is missing, is not a directory, or is a symbolic
    /// link; the caller follows links.
    /// </summary>
    ValueTask<Resolution> ResolveAsync(long directory, ReadOnlyMemory<string> names, CancellationToken cancellationToken);

    /// <summary>Resolves names for a command that changes something: no row is older than the call, whatever a cache may return to reads.</summary>
    ValueTask<Resolution> ResolveToChangeAsync(long directory, ReadOnlyMemory<string> names, CancellationToken cancellationToken) => ResolveAsync(directory, names, cancellationToken);

    /// <summary>
    /// Returns a directory's own entry by its id, with its name, mode and times; null if there is none. The installation's root has an empty name.
    /// </summary>
    ValueTask<FileRow?> GetDirectoryAsync(long id, CancellationToken cancellationToken);

    /// <summary>Returns the same entry for a command that changes something: no older than the call.</summary>
    ValueTask<FileRow?> GetDirectoryToChangeAsync(long id, CancellationToken cancellationToken) => GetDirectoryAsync(id, cancellationToken);

    /// <summary>
    /// Lists all entries in the byte order of their UTF-8 names, page by page, so that neither side holds all of them. Each page is valid until the next is
    /// requested. Rows have no <see cref="FileRow.StorKey"/>. If the directory changes meanwhile, each name appears at most once.
    /// </summary>
    /// <exception cref="MetadataException">On the first step: <see cref="MetadataError.NotFound"/> if the directory does not exist.</exception>
    IAsyncEnumerable<ReadOnlyMemory<FileRow>> ListAsync(long directory, CancellationToken cancellationToken);

    /// <summary>Creates a directory. Outcomes: Done, NotFound (the parent), AlreadyExists.</summary>
    ValueTask<TreeResult> CreateDirectoryAsync(long directory, string name, int mode, string owner, CancellationToken cancellationToken);

    /// <summary>
    /// Creates a symbolic link, which counts as a file of its owner. Outcomes: Done, NotFound (the parent), AlreadyExists, QuotaExceeded
    /// (<paramref name="quotaFiles"/> is not null and reached; checked in the same unit).
    /// </summary>
    ValueTask<TreeResult> CreateLinkAsync(long directory, string name, string target, string owner, long? quotaFiles, CancellationToken cancellationToken);

    /// <summary>Removes a file or a link; its content becomes garbage. Outcomes: Done, NotFound, IsDirectory.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="name">The name in it.</param>
    /// <param name="exactly">
    /// If not null, the row that must still be there, by id and version; anything else is NotFound. Null removes any file or link.
    /// </param>
    /// <param name="cancellationToken">Cancels.</param>
    ValueTask<TreeResult> DeleteFileAsync(long directory, string name, FileRow? exactly, CancellationToken cancellationToken);

    /// <summary>
    /// Removes an empty directory that must still be where <paramref name="entry"/> says. Outcomes: Done, NotFound, NotDirectory, NotEmpty, Busy (an account's
    /// home).
    /// </summary>
    ValueTask<TreeResult> RemoveDirectoryAsync(FileRow entry, CancellationToken cancellationToken);

    /// <summary>
    /// Removes a directory that must still be where <paramref name="entry"/> says, with everything in it, at a cost independent of the content;
    /// <see cref="IMetadataUpkeep.ReapAsync"/> empties it later. Outcomes: Done, NotFound, NotDirectory, Busy (it contains an account's home).
    /// </summary>
    ValueTask<TreeResult> RemoveTreeAsync(FileRow entry, CancellationToken cancellationToken);

    /// <summary>
    /// Renames or moves an entry, which must still be where <paramref name="source"/> says, at the same version: of several concurrent moves, one is Done. A
    /// file or link at the target is replaced atomically and its content becomes garbage; a directory never replaces anything. A rename to the same name is
    /// Done without a change. Outcomes: Done, NotFound, Conflict (the entry exists, but has changed), AlreadyExists (a directory onto a file), IsDirectory (the
    /// target is one), IntoItself, Busy (a rule applies to it).
    /// </summary>
    ValueTask<TreeResult> RenameAsync(FileRow source, long directory, string name, CancellationToken cancellationToken);

    /// <summary>Changes the given facts at once; null keeps a fact. Outcomes: Done, NotFound.</summary>
    ValueTask<TreeResult> ChangeFactsAsync(long directory, string name, FactUpdate update, CancellationToken cancellationToken);
}
