using System.IO.Pipelines;

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
    ValueTask<bool> CopyToAsync(PipeWriter destination, CancellationToken cancellationToken);
}

/// <summary>A stretch that lies in a file, for sendfile.</summary>
internal interface IFileObjectReader : IObjectReader
{
    /// <summary>The file, opened for reading and for asynchronous use; it belongs to the reader.</summary>
    FileStream File { get; }

    /// <summary>Where the stretch begins in the file.</summary>
    long Offset { get; }
}
