namespace ZeroFtp.Protocol.Driver;

/// <summary>
/// Base class for drivers of stream-based stores. Three members make a read-only driver; each further override adds a capability.
/// Operations that are not overridden fail as not possible (550).
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
    /// <remarks><see cref="OpenWriteAsync"/> calls it again.</remarks>
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

    /// <summary>Opens an existing file at its beginning. If the stream cannot seek, a restart reads and discards the bytes before the offset.</summary>
    protected abstract ValueTask<Stream> OpenReadStreamAsync(FtpPath path, CancellationToken cancellationToken);

    /// <summary>
    /// Opens a stream for new content. The file at the path must not change yet. For <see cref="UploadMode.Append"/> and
    /// <see cref="UploadMode.Overwrite"/> the stream must be seekable and hold a copy of the current content; the base class sets the position.
    /// </summary>
    protected virtual ValueTask<Stream> OpenWriteStreamAsync(UploadRequest request, CancellationToken cancellationToken) => throw NotPossible();

    /// <summary>
    /// Publishes <paramref name="content"/> atomically at the path of the request. The stream is already flushed and is disposed later.
    /// </summary>
    /// <returns>The entry as it now stands.</returns>
    protected virtual ValueTask<FtpEntry> CommitAsync(UploadRequest request, Stream content, CancellationToken cancellationToken) => throw NotPossible();

    /// <summary>Discards <paramref name="content"/>. The default does nothing; the stream is disposed later.</summary>
    /// <returns>True when it was kept as a partial file.</returns>
    protected virtual ValueTask<bool> AbortAsync(UploadRequest request, Stream content, UploadAbort reason, CancellationToken cancellationToken) => ValueTask.FromResult(false);

    private static FtpDriverException NotPossible() => new(FtpError.NotPossible);
}
