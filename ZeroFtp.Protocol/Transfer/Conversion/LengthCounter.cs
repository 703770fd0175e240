using System.Buffers;
using System.IO.Pipelines;

namespace ZeroFtp.Protocol.Transfer.Conversion;

/// <summary>
/// A writer that only counts. Behind the converters of a transfer it tells how long the transfer would be, which SIZE has to know in TYPE A (RFC 3659 section 4).
/// </summary>
/// <param name="limit">Once more than this was counted, flushes say that the reader is complete, so that the source stops.</param>
internal sealed class LengthCounter(long limit) : PipeWriter, IDisposable
{
    private const int ChunkSize = 64 * 1024;
    private byte[] _buffer = [];

    /// <summary>The octets so far.</summary>
    public long Count { get; private set; }

    /// <summary>Whether there were more octets than the limit; the count then says no more than that.</summary>
    public bool IsBeyondLimit => Count > limit;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => 0;

    public override void Advance(int bytes) => Count += bytes;

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_buffer.Length < Math.Max(sizeHint, 1))
        {
            Dispose();
            _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(sizeHint, ChunkSize));
        }
        return _buffer;
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult(new FlushResult(isCanceled: false, isCompleted: IsBeyondLimit));

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        Count += source.Length;
        return FlushAsync(cancellationToken);
    }

    public override void CancelPendingFlush()
    {
    }

    public override void Complete(Exception? exception = null) => Dispose();

    public void Dispose()
    {
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }
}
