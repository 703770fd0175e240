using System.Buffers;

namespace ZeroFtp.Storage.Objects;

/// <summary>One object that is being written. Used by one caller at a time. Disposing without completing deletes what there is, as far as that can be done.</summary>
internal interface IObjectWriter : IAsyncDisposable
{
    /// <summary>How many octets were written so far.</summary>
    long Length { get; }

    /// <summary>
    /// Adds octets. The memory belongs to the caller again when the task is done, so a store that sends later has copied. The caller passes filled buffers (256 KiB and more where there are that many)
    /// and never more than <see cref="IObjectStore.MaxObjectLength"/> in all.
    /// </summary>
    ValueTask WriteAsync(ReadOnlySequence<byte> octets, CancellationToken cancellationToken);

    /// <summary>
    /// Finishes the object, at least one octet long. When it returns, the object is as durable as the store promises and can be read. May run while the caller fills the next object.
    /// </summary>
    ValueTask<StoredObject> CompleteAsync(CancellationToken cancellationToken);
}
