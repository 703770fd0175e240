using System.Buffers;
using System.IO.Pipelines;
using ZeroFtp.Protocol.Tls;

namespace ZeroFtp.Protocol.Data;

/// <summary>
/// The writing end of a data connection. One buffer of the connection's size is rented while there is something unsent; <see cref="WriteAsync"/> sends the caller's memory itself when nothing is
/// unsent. Under TLS the records of one flush go out in one send. A broken connection throws <see cref="IOException"/> from the flush.
/// </summary>
internal sealed class DataSender(Stream stream, ObservedStream? tlsTransport, TransferMeter meter, int bufferSize) : PipeWriter, IDisposable
{
    private const int SlowPiece = 16 * 1024;
    private const int YieldEvery = 1024 * 1024;
    private static readonly TimeSpan SlowAfter = TimeSpan.FromSeconds(1);

    private byte[]? _buffer;
    private int _length;
    private bool _isSlow;
    private int _sinceYield;
    private bool _completed;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _length;

    public override Memory<byte> GetMemory(int sizeHint = 0) => Room(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => Room(sizeHint).Span;

    public override void Advance(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, (_buffer?.Length ?? 0) - _length);
        _length += bytes;
    }

    public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        int length = _length;
        if (length > 0)
        {
            _length = 0;
            await SendAsync(_buffer.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
        }
        return new FlushResult(isCanceled: false, isCompleted: _completed);
    }

    public override async ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        if (_length > 0 && source.Length <= bufferSize - _length)
        {
            source.CopyTo(Room(source.Length));
            Advance(source.Length);
            return await FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        await FlushAsync(cancellationToken).ConfigureAwait(false);
        if (!source.IsEmpty)
            await SendAsync(source, cancellationToken).ConfigureAwait(false);
        return new FlushResult(isCanceled: false, isCompleted: _completed);
    }

    public override void CancelPendingFlush()
    {
    }

    /// <summary>The engine's own converters complete the sender; the connection itself stays open for its closing handshake.</summary>
    public override void Complete(Exception? exception = null) => _completed = true;

    public void Dispose()
    {
        if (_buffer is not null)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = null;
    }

    private Memory<byte> Room(int sizeHint)
    {
        _buffer ??= ArrayPool<byte>.Shared.Rent(Math.Max(bufferSize, sizeHint));
        if (_buffer.Length - _length < Math.Max(sizeHint, 1))
        {
            // Only a writer that requests more than the promised buffer without flushing gets here.
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, _length + sizeHint));
            _buffer.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
        return _buffer.AsMemory(_length);
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> octets, CancellationToken cancellationToken)
    {
        // Send small pieces to a slow peer, so that progress is seen before the stall timeout expires.
        while (_isSlow && octets.Length > SlowPiece)
        {
            await SendPieceAsync(octets[..SlowPiece], cancellationToken).ConfigureAwait(false);
            octets = octets[SlowPiece..];
        }
        await SendPieceAsync(octets, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask SendPieceAsync(ReadOnlyMemory<byte> octets, CancellationToken cancellationToken)
    {
        try
        {
            if (tlsTransport is null)
            {
                await stream.WriteAsync(octets, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                tlsTransport.BeginGather();
                await stream.WriteAsync(octets, cancellationToken).ConfigureAwait(false);
                await tlsTransport.EndGatherAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (IOException exception)
        {
            throw new DataConnectionException("The data connection broke.", exception);
        }
        _isSlow = meter.Silence > SlowAfter;
        _sinceYield += octets.Length;
        if (_sinceYield >= YieldEvery)
        {
            // A peer that is always ready would otherwise occupy this thread and block the session loop.
            _sinceYield = 0;
            await Task.Yield();
        }
        ValueTask counted = meter.CountAsync(octets.Length, cancellationToken);
        if (!counted.IsCompletedSuccessfully)
            await counted.ConfigureAwait(false);
    }
}
