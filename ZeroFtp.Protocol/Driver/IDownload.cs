using System.IO.Pipelines;

namespace ZeroFtp.Protocol.Driver;

/// <summary>A file opened for reading. The engine owns and disposes it, whatever happens.</summary>
public interface IDownload : IAsyncDisposable
{
    /// <summary>How many octets follow from the offset to the end of the file, or null if the source does not know.</summary>
    long? Length { get; }

    /// <summary>
    /// Pushes octets into the writer, which belongs to the data connection, and flushes as it goes: the flush is the back-pressure. Stop early and quietly when a flush says that the reader is
    /// complete. At most <paramref name="limit"/> octets are pushed; the whole rest if it is null. Called at most once. The writer is not completed by the driver.
    /// </summary>
    /// <exception cref="FtpDriverException">The source failed; whatever was pushed is then known to be incomplete (451).</exception>
    ValueTask CopyToAsync(PipeWriter destination, long? limit, CancellationToken cancellationToken);
}

/// <summary>
/// A download whose octets lie in files of the operating system. Where the data connection is clear and unconverted the engine sends from the file straight to the socket (sendfile),
/// and never calls <see cref="IDownload.CopyToAsync"/>.
/// </summary>
public interface IFileBackedDownload : IDownload
{
    /// <summary>The next stretch of the content, or null at the end. The engine does not close the file; it belongs to the download until the next call.</summary>
    ValueTask<FileRegion?> NextRegionAsync(CancellationToken cancellationToken);
}

/// <summary>A stretch of a file.</summary>
/// <param name="File">The file, opened for reading and for asynchronous use.</param>
/// <param name="Offset">Where the stretch begins.</param>
/// <param name="Length">Its octets.</param>
public readonly record struct FileRegion(FileStream File, long Offset, long Length);
