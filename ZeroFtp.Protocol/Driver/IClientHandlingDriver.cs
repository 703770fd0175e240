namespace ZeroFtp.Protocol.Driver;

/// <summary>
/// The tree that one logged-in session sees. The engine has checked the session's permissions before it calls; a driver checks what only it can know.
/// </summary>
/// <remarks>
/// Calls for one session never overlap, except that <see cref="GetFileInfoAsync"/> may be called while a transfer runs. Expected failures are <see cref="FtpDriverException"/>;
/// anything else is logged and answered 451. Every token is cancelled by ABOR, a lost client, a limit that runs out, and the server's stop. Further powers are
/// interfaces of their own (<see cref="IHashing"/>, <see cref="IFactChanging"/>, <see cref="ISpaceReporting"/>, <see cref="ICombining"/>, <see cref="ICopying"/>, <see cref="ITreeRemoving"/>,
/// <see cref="ISymbolicLinking"/>, <see cref="ISiteWords"/>, <see cref="IQuotaReporting"/>), implemented by the same object. If the driver is <see cref="IAsyncDisposable"/> or <see cref="IDisposable"/> the engine disposes it when its user leaves.
/// </remarks>
public interface IClientHandlingDriver
{
    /// <summary>The entry at the path, symbolic links followed, or null if there is none.</summary>
    ValueTask<FtpEntry?> GetFileInfoAsync(FtpPath path, CancellationToken cancellationToken);

    /// <summary>The entries of the directory in the octet order of their names, without <c>.</c> and <c>..</c>, streamed: neither side holds the whole list.</summary>
    /// <exception cref="FtpDriverException">Thrown by the first step of the enumeration at the latest: NotFound, NotADirectory, PermissionDenied, Unavailable.</exception>
    IAsyncEnumerable<FtpEntry> ListFilesAsync(FtpPath directory, CancellationToken cancellationToken);

    /// <summary>Opens a file for reading from <paramref name="offset"/>. What is read is one state of the file, however it changes meanwhile, if the store can give that.</summary>
    /// <exception cref="FtpDriverException">NotFound, IsADirectory, NotAPlainFile, PermissionDenied, Busy, InvalidOffset (beyond the end), Unavailable.</exception>
    ValueTask<IDownload> OpenReadAsync(FtpPath path, long offset, CancellationToken cancellationToken);

    /// <summary>
    /// Checks without any effect whether <see cref="OpenWriteAsync"/> would be allowed; it is called before the transfer is announced (150). The default looks whether the parent is a directory, the
    /// path is not one, the offset is within the file, and for <see cref="UploadMode.CreateNew"/> that the name is free.
    /// </summary>
    /// <exception cref="FtpDriverException">NotFound (the parent), NotADirectory (the parent), IsADirectory, NotAPlainFile, AlreadyExists, InvalidOffset, NameNotAllowed, PermissionDenied, InsufficientStorage, QuotaExceeded, Busy, Unavailable.</exception>
    ValueTask CheckWriteAsync(UploadRequest request, CancellationToken cancellationToken) => DriverDefaults.CheckWriteAsync(this, request, cancellationToken);

    /// <summary>Opens a file for writing. It is called once the data connection stands, and must not change what others see before <see cref="IUpload.CommitAsync"/>.</summary>
    /// <exception cref="FtpDriverException">As for <see cref="CheckWriteAsync"/>, whose answer may have changed since.</exception>
    ValueTask<IUpload> OpenWriteAsync(UploadRequest request, CancellationToken cancellationToken);

    /// <summary>Creates a directory whose parent exists.</summary>
    /// <exception cref="FtpDriverException">AlreadyExists, NotFound (the parent), NotADirectory, NameNotAllowed, PermissionDenied, InsufficientStorage, QuotaExceeded.</exception>
    ValueTask MakeDirectoryAsync(FtpPath path, int mode, CancellationToken cancellationToken);

    /// <summary>Removes an empty directory.</summary>
    /// <exception cref="FtpDriverException">NotFound, NotADirectory, NotEmpty, PermissionDenied.</exception>
    ValueTask RemoveDirectoryAsync(FtpPath path, CancellationToken cancellationToken);

    /// <summary>Removes a file or a symbolic link (never its target).</summary>
    /// <exception cref="FtpDriverException">NotFound, IsADirectory, PermissionDenied, Busy.</exception>
    ValueTask DeleteFileAsync(FtpPath path, CancellationToken cancellationToken);

    /// <summary>Renames or moves a file, a link or a directory. A file at the target is replaced atomically.</summary>
    /// <exception cref="FtpDriverException">NotFound, IsADirectory (the target is one), NameNotAllowed (a directory into itself), PermissionDenied.</exception>
    ValueTask RenameAsync(FtpPath from, FtpPath to, CancellationToken cancellationToken);

    /// <summary>Called when CWD would enter the directory; a driver may refuse by an exception. The default demands that the entry is a directory.</summary>
    /// <returns>A message to show with the reply, one element a line, or null.</returns>
    /// <exception cref="FtpDriverException">NotFound, NotADirectory, PermissionDenied, Unavailable.</exception>
    ValueTask<IReadOnlyList<string>?> ChangeDirectoryAsync(FtpPath path, CancellationToken cancellationToken) => DriverDefaults.ChangeDirectoryAsync(this, path, cancellationToken);

    /// <summary>Whether so many octets could be stored now (ALLO). The default does not check.</summary>
    ValueTask<AllocationAnswer> CanAllocateAsync(long length, CancellationToken cancellationToken) => ValueTask.FromResult(AllocationAnswer.NotChecked);
}

/// <summary>The answer to ALLO.</summary>
public enum AllocationAnswer
{
    /// <summary>The driver does not check space (202).</summary>
    NotChecked,

    /// <summary>There is room (200).</summary>
    Available,

    /// <summary>The store is too full (452).</summary>
    InsufficientStorage,

    /// <summary>The user's quota is too small (552).</summary>
    QuotaExceeded,
}
