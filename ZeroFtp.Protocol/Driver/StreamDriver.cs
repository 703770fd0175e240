namespace ZeroFtp.Protocol.Driver;

/// <summary>
/// The base of a driver for a store that gives and takes plain streams. Three members make a driver that can be read from; each further one adds a power, and what is not overridden is refused
/// as not possible (550).
/// </summary>
public abstract class StreamDriver : IClientHandlingDriver
{
    /// <inheritdoc/>
    public abstract ValueTask<FtpEntry?> GetFileInfoAsync(FtpPath path, CancellationToken cancellationToken);

    /// <inheritdoc/>
    public abstract IAsyncEnumerable<FtpEntry> ListFilesAsync(FtpPath directory, CancellationToken cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IDownload> OpenReadAsync(FtpPath path, long offset, CancellationToken cancellationToken)
    {
        FtpEntry entry = await GetFileInfoAsync(path, cancellationToken).ConfigureAwait(false) ?? throw new FtpDriverException(FtpError.NotFound);
        if (!entry.IsFile)
            throw new FtpDriverException(entry.IsDirectory ? FtpError.IsADirectory : FtpError.NotAPlainFile);
        Stream stream = await OpenReadStreamAsync(path, cancellationToken).ConfigureAwait(false);
        return await StreamDownload.CreateAsync(stream, offset, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <remarks><see cref="OpenWriteAsync"/> asks it again.</remarks>
    public virtual ValueTask CheckWriteAsync(UploadRequest request, CancellationToken cancellationToken) => DriverDefaults.CheckWriteAsync(this, request, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IUpload> OpenWriteAsync(UploadRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        await CheckWriteAsync(request, cancellationToken).ConfigureAwait(false);
        Stream stream = await OpenWriteStreamAsync(request, cancellationToken).ConfigureAwait(false);
        try
        {
            if (request.Mode is UploadMode.Append or UploadMode.Overwrite)
                stream.Seek(request.Mode == UploadMode.Append ? stream.Length : request.Offset, SeekOrigin.Begin);
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
        return new StreamUpload(stream, token => CommitAsync(request, stream, token), (reason, token) => AbortAsync(request, stream, reason, token));
    }

    /// <inheritdoc/>
    public virtual ValueTask MakeDirectoryAsync(FtpPath path, int mode, CancellationToken cancellationToken) => throw NotPossible();

    /// <inheritdoc/>
    public virtual ValueTask RemoveDirectoryAsync(FtpPath path, CancellationToken cancellationToken) => throw NotPossible();

    /// <inheritdoc/>
    public virtual ValueTask DeleteFileAsync(FtpPath path, CancellationToken cancellationToken) => throw NotPossible();

    /// <inheritdoc/>
    public virtual ValueTask RenameAsync(FtpPath from, FtpPath to, CancellationToken cancellationToken) => throw NotPossible();

    /// <inheritdoc/>
    public virtual ValueTask<IReadOnlyList<string>?> ChangeDirectoryAsync(FtpPath path, CancellationToken cancellationToken) => DriverDefaults.ChangeDirectoryAsync(this, path, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<AllocationAnswer> CanAllocateAsync(long length, CancellationToken cancellationToken) => ValueTask.FromResult(AllocationAnswer.NotChecked);

    /// <summary>Opens a file, which exists, at its beginning. If the stream cannot seek, a restart reads and drops what comes before the offset.</summary>
    protected abstract ValueTask<Stream> OpenReadStreamAsync(FtpPath path, CancellationToken cancellationToken);

    /// <summary>
    /// Opens a stream for a new content, beside what is at the path, which must not change yet. For <see cref="UploadMode.Append"/> and <see cref="UploadMode.Overwrite"/> the stream can seek and holds a copy of the
    /// present content; the base class finds the place in it.
    /// </summary>
    protected virtual ValueTask<Stream> OpenWriteStreamAsync(UploadRequest request, CancellationToken cancellationToken) => throw NotPossible();

    /// <summary>Shows what was written to <paramref name="content"/>, which was flushed and is disposed later, at the path of the request, all at once.</summary>
    /// <returns>The entry as it now stands.</returns>
    protected virtual ValueTask<FtpEntry> CommitAsync(UploadRequest request, Stream content, CancellationToken cancellationToken) => throw NotPossible();

    /// <summary>Gives up what was written to <paramref name="content"/>. The default does nothing more than to dispose it later.</summary>
    /// <returns>Whether it was kept as a partial file.</returns>
    protected virtual ValueTask<bool> AbortAsync(UploadRequest request, Stream content, UploadAbort reason, CancellationToken cancellationToken) => ValueTask.FromResult(false);

    private static FtpDriverException NotPossible() => new(FtpError.NotPossible);
}
