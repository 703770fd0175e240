using System.Buffers;
using System.IO.Pipelines;

namespace ZeroFtp.Protocol.Transfer.Conversion;

/// <summary>A writer that converts what is written to it on the way to the next writer. It holds one pooled buffer, for which the caller of <see cref="GetMemory"/> is the only user.</summary>
/// <remarks>Conversion happens in <see cref="Advance"/>, so that back-pressure stays where it was: in the flush of the data connection. Not thread-safe.</remarks>
internal abstract class TransferSender(PipeWriter next) : PipeWriter, IDisposable
{
    private const int ChunkSize = 32 * 1024;
    private byte[] _buffer = [];
    private bool _finished;

    /// <summary>The next writer. Disposing this one does not complete it.</summary>
    protected PipeWriter Next => next;

    /// <summary>Bytes that were written to this writer, before conversion.</summary>
    public long Taken { get; private set; }

    public override bool CanGetUnflushedBytes => next.CanGetUnflushedBytes;

    public override long UnflushedBytes => next.UnflushedBytes;

    /// <summary>Writes what is held back and the end mark to the next writer, has that one finish too, and flushes. Further calls only flush.</summary>
    public ValueTask<FlushResult> FinishAsync(CancellationToken cancellationToken)
    {
        if (!_finished)
        {
            _finished = true;
            WriteEnd();
        }
        return TransferPipeline.FinishAsync(next, cancellationToken);
    }

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_buffer.Length < Math.Max(sizeHint, 1))
        {
            Release();
            _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(sizeHint, ChunkSize));
        }
        return _buffer;
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        Taken += bytes;
        Convert(_buffer.AsSpan(0, bytes));
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => next.FlushAsync(cancellationToken);

    public override async ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            int length = Math.Min(ChunkSize, source.Length);
            Taken += length;
            Convert(source.Span[..length]);
            source = source[length..];
            FlushResult result = await next.FlushAsync(cancellationToken).ConfigureAwait(false);
            if (source.IsEmpty || result.IsCompleted || result.IsCanceled)
                return result;
        }
    }

    public override void CancelPendingFlush() => next.CancelPendingFlush();

    public override void Complete(Exception? exception = null)
    {
        Dispose();
        next.Complete(exception);
    }

    public override ValueTask CompleteAsync(Exception? exception = null)
    {
        Dispose();
        return next.CompleteAsync(exception);
    }

    /// <summary>Gives the buffers back, here and in the converters behind; the data connection stays open. What was not finished is lost.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        Release();
        (next as TransferSender)?.Dispose();
    }

    protected abstract void Convert(ReadOnlySpan<byte> source);

    protected virtual void WriteEnd()
    {
    }

    private void Release()
    {
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }
}
