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

    /// <summary>Overwrite from <see cref="UploadRequest.Offset"/> on and keep what lies beyond the received octets (REST or RANG with STOR).</summary>
    Overwrite,
}

/// <summary>What is to be stored.</summary>
public sealed record UploadRequest
{
    /// <summary>Where.</summary>
    public required FtpPath Path { get; init; }

    /// <summary>How.</summary>
    public required UploadMode Mode { get; init; }

    /// <summary>Where the first octet goes, for <see cref="UploadMode.Overwrite"/>; otherwise 0.</summary>
    public long Offset { get; init; }

    /// <summary>How many octets the client announced (ALLO), or null.</summary>
    public long? ExpectedLength { get; init; }

    /// <summary>Permission bits of a file that is created; the session's umask is applied already.</summary>
    public int FileMode { get; init; } = 0b110_100_100;
}

/// <summary>Why an upload was given up.</summary>
public enum UploadAbort
{
    /// <summary>The client cut the connection, sent ABOR, stalled, or was lost: a store that keeps partial files keeps what arrived.</summary>
    Interrupted,

    /// <summary>The content is known to be wrong or refused (a broken MODE Z stream, a limit): what arrived since the start is of no use.</summary>
    Invalid,
}

/// <summary>A file that is being written: copied, then committed or aborted exactly once, then disposed. The engine owns it. Disposing without commit leaves the old state.</summary>
public interface IUpload : IAsyncDisposable
{
    /// <summary>Consumes the reader, which belongs to the data connection, until it is complete. Called at most once. The driver does not complete the reader.</summary>
    /// <exception cref="FtpDriverException">The store failed or refused: QuotaExceeded, InsufficientStorage, Unavailable.</exception>
    ValueTask CopyFromAsync(PipeReader source, CancellationToken cancellationToken);

    /// <summary>Publishes what was copied, atomically. When it returns the content is as durable as the store promises; 226 follows.</summary>
    /// <returns>The entry as it now stands.</returns>
    /// <exception cref="FtpDriverException">Nothing was published: AlreadyExists (CreateNew, and the name was taken meanwhile), NotFound (the directory has gone), IsADirectory, Busy, QuotaExceeded, InsufficientStorage, Unavailable.</exception>
    ValueTask<FtpEntry> CommitAsync(CancellationToken cancellationToken);

    /// <summary>Gives the upload up. Afterwards the path shows its old state, or a partial file if the store keeps those.</summary>
    /// <returns>Whether a partial file was kept.</returns>
    ValueTask<bool> AbortAsync(UploadAbort reason, CancellationToken cancellationToken);
}
