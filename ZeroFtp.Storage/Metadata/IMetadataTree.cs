namespace ZeroFtp.Storage.Metadata;

/// <summary>Directories and entries. A directory is addressed by its id, never by a path, so renaming what is above it changes nothing.</summary>
/// <remarks>Each change is applied at most once, although it may be sent again when its answer was lost, and its outcome says whether this call applied it, whatever others did since.</remarks>
internal interface IMetadataTree
{
    /// <summary>The id of the installation's root directory.</summary>
    const long Root = 1;

    /// <summary>
    /// Walks down from a directory, at most one round trip. The walk stops at the first name that is missing, is not a directory, or is a symbolic link; links are the caller's to follow.
    /// </summary>
    ValueTask<Resolution> ResolveAsync(long directory, ReadOnlyMemory<string> names, CancellationToken cancellationToken);

    /// <summary>The same walk for a command that changes something: no row of it is older than the call, whatever a cache may answer to reads.</summary>
    ValueTask<Resolution> ResolveToChangeAsync(long directory, ReadOnlyMemory<string> names, CancellationToken cancellationToken) => ResolveAsync(directory, names, cancellationToken);

    /// <summary>The entry of a directory by its id: its own name, mode and times. The installation's root gives a row with an empty name. Null if there is none.</summary>
    ValueTask<FileRow?> GetDirectoryAsync(long id, CancellationToken cancellationToken);

    /// <summary>The same entry for a command that changes something: no older than the call.</summary>
    ValueTask<FileRow?> GetDirectoryToChangeAsync(long id, CancellationToken cancellationToken) => GetDirectoryAsync(id, cancellationToken);

    /// <summary>
    /// All entries in the octet order of their UTF-8 names, page by page: neither side holds the whole. Each page is valid until the next is asked for. Rows have no <see cref="FileRow.StorKey"/>.
    /// A directory that changes meanwhile shows each name at most once.
    /// </summary>
    /// <exception cref="MetadataException">On the first step: <see cref="MetadataError.NotFound"/> if the directory does not exist.</exception>
    IAsyncEnumerable<ReadOnlyMemory<FileRow>> ListAsync(long directory, CancellationToken cancellationToken);

    /// <summary>Creates a directory. Outcomes: Done, NotFound (the parent), AlreadyExists.</summary>
    ValueTask<TreeResult> CreateDirectoryAsync(long directory, string name, int mode, string owner, CancellationToken cancellationToken);

    /// <summary>Creates a symbolic link, which counts as a file of its owner. Outcomes: Done, NotFound (the parent), AlreadyExists, QuotaExceeded (<paramref name="quotaFiles"/>, if not null, is reached; checked in the same unit).</summary>
    ValueTask<TreeResult> CreateLinkAsync(long directory, string name, string target, string owner, long? quotaFiles, CancellationToken cancellationToken);

    /// <summary>Removes a file or a link; its content becomes garbage. Outcomes: Done, NotFound, IsDirectory.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="name">The name in it.</param>
    /// <param name="exactly">If not null, the row that it must still have, by id and version: anything else is NotFound. Null removes whatever is there.</param>
    /// <param name="cancellationToken">Cancels.</param>
    ValueTask<TreeResult> DeleteFileAsync(long directory, string name, FileRow? exactly, CancellationToken cancellationToken);

    /// <summary>Removes an empty directory that must still be where <paramref name="entry"/> says. Outcomes: Done, NotFound, NotDirectory, NotEmpty, Busy (an account's home).</summary>
    ValueTask<TreeResult> RemoveDirectoryAsync(FileRow entry, CancellationToken cancellationToken);

    /// <summary>Removes a directory that must still be where <paramref name="entry"/> says, with all it holds, at a cost that does not depend on it; <see cref="IMetadataUpkeep.ReapAsync"/> empties it later. Outcomes: Done, NotFound, NotDirectory, Busy (it holds an account's home).</summary>
    ValueTask<TreeResult> RemoveTreeAsync(FileRow entry, CancellationToken cancellationToken);

    /// <summary>
    /// Renames or moves an entry, which must still be where <paramref name="source"/> says, at the same version: of several who move it one is Done. A file or link at the target is replaced atomically and its content becomes garbage; a directory never replaces anything.
    /// To its own name it is Done without a change. Outcomes: Done, NotFound, Conflict (it is there, but has changed), AlreadyExists (a directory over a file), IsDirectory (the target is one), IntoItself, Busy (a rule holds it).
    /// </summary>
    ValueTask<TreeResult> RenameAsync(FileRow source, long directory, string name, CancellationToken cancellationToken);

    /// <summary>Changes the given facts at once; null leaves one as it is. Outcomes: Done, NotFound.</summary>
    ValueTask<TreeResult> ChangeFactsAsync(long directory, string name, FactUpdate update, CancellationToken cancellationToken);
}
