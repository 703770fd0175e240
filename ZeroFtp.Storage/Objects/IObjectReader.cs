using System.IO.Pipelines;
using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Storage.Objects;

/// <summary>An opened stretch of an object. The caller disposes it.</summary>
internal interface IObjectReader : IAsyncDisposable
{
    /// <summary>The octets of the stretch.</summary>
    long Length { get; }

    /// <summary>Where the object is now if the store repaired it on the way and its reference changed; the caller records that. Otherwise null.</summary>
    StoredObject? Repaired { get; }

    /// <summary>
    /// Pushes the stretch into the writer and flushes as it goes; the flush is the back-pressure. Called at most once.
    /// </summary>
    /// <returns>False if the reader at the other end is complete and nothing more is wanted.</returns>
    /// <exception cref="FtpDriverException">Unavailable, with an <see cref="ObjectDamage"/> inside if the bytes are not what was stored: then at least the last of them were not pushed.</exception>
    ValueTask<bool> CopyToAsync(PipeWriter destination, CancellationToken cancellationToken);
}

/// <summary>A stretch that lies in a file, for sendfile.</summary>
internal interface IFileObjectReader : IObjectReader
{
    /// <summary>The file, opened for reading and for asynchronous use; it belongs to the reader.</summary>
    FileStream File { get; }

    /// <summary>
    /// The next part of the stretch that may be sent, in order, or null at the end. What has to be compared with the object's hash was compared, or is as the last part is asked for. Not to be mixed with
    /// <see cref="IObjectReader.CopyToAsync"/>.
    /// </summary>
    /// <exception cref="FtpDriverException">Unavailable, as of <see cref="IObjectReader.CopyToAsync"/>.</exception>
    ValueTask<FileRegion?> NextRegionAsync(CancellationToken cancellationToken);
}
