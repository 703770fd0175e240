using System.IO.Pipelines;

namespace ZeroFtp.Protocol.Driver;

/// <summary>How an upload relates to what is at its path.</summary>
public enum UploadMode
{
    /// <summary>Create the file or replace its whole content (STOR).</summary>
    Replace,

    /// <summary>Create the file; the name must be free (STOU).</summary>
    CreateNew,

    /// <summary>Add to the end of the file, or create it (APPE).</summary>
    Append,

    /// <summary>Overwrite from <see cref="UploadRequest.Offset"/> and keep the content beyond the received bytes (REST or RANG with STOR).</summary>
    Overwrite,
}

/// <summary>Describes an upload to open.</summary>
public sealed record UploadRequest
{
    /// <summary>The path to store at.</summary>
    public required FtpPath Path { get; init; }

    /// <summary>How the upload relates to an existing file.</summary>
    public required UploadMode Mode { get; init; }

    /// <summary>The offset of the first byte for <see cref="UploadMode.Overwrite"/>; otherwise 0.</summary>
    public long Offset { get; init; }

    /// <summary>The number of bytes that the client announced (ALLO), or null.</summary>
    public long? ExpectedLength { get; init; }

    /// <summary>Permission bits for a new file, with the session's umask already applied.</summary>
    public int FileMode { get; init; } = 0b110_100_100;
}

/// <summary>Why an upload was aborted.</summary>
public enum UploadAbort
{
    /// <summary>The client cut the connection, sent ABOR, stalled or was lost. A store that keeps partial files keeps the bytes that arrived.</summary>
    Interrupted,

    /// <summary>The content is known to be wrong or was refused (a broken MODE Z stream, a limit). Discard everything that arrived.</summary>
    Invalid,
}

/// <summary>
/// A file being written: copied, then committed or aborted exactly once, then disposed. The engine owns it. Disposing it without a commit
/// leaves the old state.
/// </summary>
public interface IUpload : IAsyncDisposable
{
    /// <summary>Consumes the reader, which belongs to the data connection, until it is complete. Called at most once. The driver does not complete the reader.</summary>
    /// <exception cref="FtpDriverException">The store failed or refused: QuotaExceeded, InsufficientStorage, Unavailable.</exception>
    ValueTask CopyFromAsync(PipeReader source, CancellationToken cancellationToken);

    /// <summary>Publishes the copied content atomically. On return it is as durable as the store promises; 226 follows.</summary>
    /// <returns>The entry as it now stands.</returns>
    /// <exception cref="FtpDriverException">
    /// Nothing was published: AlreadyExists (CreateNew, and the name has since been taken), NotFound (the directory is gone), IsADirectory, Busy,
    /// QuotaExceeded, InsufficientStorage, Unavailable.
    /// </exception>
    ValueTask<FtpEntry> CommitAsync(CancellationToken cancellationToken);

    /// <summary>Aborts the upload. The path then shows its old state, or a partial file if the store keeps those.</summary>
    /// <returns>True when a partial file was kept.</returns>
    ValueTask<bool> AbortAsync(UploadAbort reason, CancellationToken cancellationToken);
}
