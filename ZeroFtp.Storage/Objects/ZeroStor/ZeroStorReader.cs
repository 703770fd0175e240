using System.Buffers;
using System.IO.Pipelines;
using ZeroFtp.Storage.Objects.ZeroStor.Memory;

namespace ZeroFtp.Storage.Objects.ZeroStor;

/// <summary>A stretch of an object that has been fetched whole. The fetched memory itself goes to the writer.</summary>
internal sealed class ZeroStorReader(Octets octets, long offset, long length, StoredObject? repaired, MemoryBudget memory, long cost) : IObjectReader
{
    private bool _disposed;

    public long Length => length;

    public StoredObject? Repaired => repaired;

    public async ValueTask<bool> CopyToAsync(PipeWriter destination, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        foreach (ReadOnlyMemory<byte> piece in octets.Sequence.Slice(offset, length))
        {
            FlushResult result = await destination.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
            if (result.IsCanceled)
                throw new OperationCanceledException(cancellationToken);
            if (result.IsCompleted)
                return false;
        }

        return true;
    }

    public ValueTask DisposeAsync()
    {
        if (!_disposed)
        {
            _disposed = true;
            octets.Dispose();
            memory.Return(cost);
        }

        return ValueTask.CompletedTask;
    }
}
