namespace ZeroFtp.Protocol.Tls;

/// <summary>
/// The stream beneath an SslStream. It lets an observer inspect the handshake, records whether the transport itself ended (a bare FIN, as opposed to
/// close_notify, after which SslStream ends but the transport has not), and can gather the records of one write into one send.
/// </summary>
internal abstract class ObservedStream : Stream
{
    private byte[]? _gathered;
    private int _gatheredLength;
    private bool _gathering;

    /// <summary>Inspects the handshake; null once the handshake is over, so that bulk data is not inspected.</summary>
    public TlsObserver? Observer { get; set; }

    /// <summary>True if the peer is the TLS server (SSCN, CPSV).</summary>
    public bool PeerIsServer { get; init; }

    /// <summary>
    /// True to delay the session tickets of a TLS 1.3 server until its next write, which on an upload is close_notify. A client may send everything and close
    /// without reading. Tickets that reach its closed socket trigger a reset, which discards data that the client's system has not sent yet.
    /// </summary>
    public bool HoldsTickets { get; init; }

    /// <summary>True once the transport has ended.</summary>
    public bool TransportEnded { get; private set; }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    protected abstract ValueTask<int> ReadTransportAsync(Memory<byte> buffer, CancellationToken cancellationToken);

    protected abstract ValueTask WriteTransportAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>Buffers writes until <see cref="EndGatherAsync"/>.</summary>
    public void BeginGather() => _gathering = true;

    /// <summary>Sends the buffered bytes as one write.</summary>
    public async ValueTask EndGatherAsync(CancellationToken cancellationToken)
    {
        _gathering = false;
        int length = _gatheredLength;
        _gatheredLength = 0;
        if (length > 0)
            await WriteTransportAsync(_gathered.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
    }

    public sealed override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int count = await ReadTransportAsync(buffer, cancellationToken).ConfigureAwait(false);
        if (count == 0 && buffer.Length > 0)
            TransportEnded = true;
        else if (Observer is { } observer)
            Inspect(observer, buffer.Span[..count], PeerIsServer);
        return count;
    }

    public sealed override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Observer is { } observer)
        {
            bool isTicket = observer.IsTls13 && !PeerIsServer;
            Inspect(observer, buffer.Span, !PeerIsServer);
            if (isTicket && HoldsTickets)
            {
                Gather(buffer.Span);
                return ValueTask.CompletedTask;
            }
            if (isTicket)
                return WriteTicketAsync(buffer, cancellationToken);
        }
        if (!_gathering && _gatheredLength == 0)
            return WriteTransportAsync(buffer, cancellationToken);
        Gather(buffer.Span);
        return _gathering ? ValueTask.CompletedTask : EndGatherAsync(cancellationToken);
    }

    /// <summary>
    /// After its first flight a TLS 1.3 server sends session tickets. A client may have sent everything and closed before they arrive;
    /// failing to deliver them must not lose the data it sent.
    /// </summary>
    private async ValueTask WriteTicketAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            await WriteTransportAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // Received data can still be read.
        }
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (_gathered is not null)
            System.Buffers.ArrayPool<byte>.Shared.Return(_gathered);
        _gathered = null;
        base.Dispose(disposing);
    }

    private static void Inspect(TlsObserver observer, ReadOnlySpan<byte> bytes, bool fromServer)
    {
        if (fromServer)
            observer.FromServer(bytes);
        else
            observer.FromClient(bytes);
    }

    private void Gather(ReadOnlySpan<byte> bytes)
    {
        if (_gathered is null || _gathered.Length < _gatheredLength + bytes.Length)
            GrowGathered(_gatheredLength + bytes.Length);
        bytes.CopyTo(_gathered.AsSpan(_gatheredLength));
        _gatheredLength += bytes.Length;
    }

    private void GrowGathered(int needed)
    {
        byte[] larger = System.Buffers.ArrayPool<byte>.Shared.Rent(needed);
        if (_gathered is not null)
        {
            _gathered.AsSpan(0, _gatheredLength).CopyTo(larger);
            System.Buffers.ArrayPool<byte>.Shared.Return(_gathered);
        }
        _gathered = larger;
    }
}
