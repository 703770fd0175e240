using System.IO.Pipelines;

namespace ZeroFtp.Protocol.Driver;

/// <summary>A file opened for reading. The engine owns it and always disposes it.</summary>
public interface IDownload : IAsyncDisposable
{
    /// <summary>The number of bytes from the offset to the end of the file, or null if unknown.</summary>
    long? Length { get; }

    /// <summary>
    /// Writes the content to the data connection's writer and flushes as it goes: the flush is the back-pressure. Return without an error
    /// when a flush reports that the reader is complete. Writes at most <paramref name="limit"/> bytes, or everything if it is null.
    /// Called at most once. The driver does not complete the writer.
    /// </summary>
    /// <exception cref="FtpDriverException">The source failed; the data written so far is incomplete (451).</exception>
    ValueTask CopyToAsync(PipeWriter destination, long? limit, CancellationToken cancellationToken);
}

/// <summary>
/// A download whose content lies in files of the operating system. If the data connection is in clear and the data unconverted, the engine sends
/// from the file directly to the socket (sendfile) and never calls <see cref="IDownload.CopyToAsync"/>.
/// </summary>
public interface IFileBackedDownload : IDownload
{
    /// <summary>Returns the next range of the content, or null at the end. The download owns the file, which stays valid until the next call.</summary>
    ValueTask<FileRegion?> NextRegionAsync(CancellationToken cancellationToken);
}

/// <summary>A range of a file.</summary>
/// <param name="File">The file, opened for reading and for asynchronous use.</param>
/// <param name="Offset">The offset where the range begins.</param>
/// <param name="Length">The length of the range in bytes.</param>
public readonly record struct FileRegion(FileStream File, long Offset, long Length);
