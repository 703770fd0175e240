using System.IO.Pipelines;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using ZeroFtp.Protocol.Tls;

namespace ZeroFtp.Protocol.Data;

/// <summary>
/// One established data connection, in clear or under TLS. It owns the connection. Either <see cref="OpenSender"/> or <see cref="OpenReceiver"/> is called, once; then
/// <see cref="DeliverAsync"/> or <see cref="CloseAsync"/> ends it in order, or <see cref="Abort"/> at once.
/// </summary>
internal sealed class DataLink(DataConnection connection, TransferMeter meter, int bufferSize, bool sends) : IAsyncDisposable
{
    private const int LongestInterval = 20;

    private SslStream? _tls;
    private DataTlsTransport? _transport;
    private TlsObserver? _observer;
    private Task? _drain;
    private volatile bool _hasDrainFailed;
    private volatile bool _isEnding;
    private bool _closed;

    /// <summary>Bytes behind the content that need not be acknowledged: close_notify and the FIN.</summary>
    private int _afterContent;

    public bool IsProtected => _tls is not null;

    public TransferMeter Meter => meter;

    /// <summary>The socket, if bytes written to it reach the peer unchanged, so that sendfile can be used.</summary>
    public Socket? PlainSocket => _tls is null ? connection.Socket : null;

    /// <summary>What was seen of the TLS handshake.</summary>
    public TlsObserver? Observer => _observer;

    public X509Certificate2? PeerCertificate => _tls?.RemoteCertificate as X509Certificate2;

    /// <summary>Whether a TLS peer ended the transport without close_notify; meaningful once the receiver has ended.</summary>
    public bool EndedWithoutCloseNotify => _transport is { TransportEnded: true };

    /// <exception cref="AuthenticationException">The handshake failed.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public ValueTask SecureAsServerAsync(SslServerAuthenticationOptions options, CancellationToken cancellationToken) =>
        SecureAsync(tls => tls.AuthenticateAsServerAsync(options, cancellationToken), peerIsServer: false);

    /// <inheritdoc cref="SecureAsServerAsync"/>
    public ValueTask SecureAsClientAsync(SslClientAuthenticationOptions options, CancellationToken cancellationToken) =>
        SecureAsync(tls => tls.AuthenticateAsClientAsync(options, cancellationToken), peerIsServer: true);

    public DataSender OpenSender() => new(_tls ?? connection.Stream, _transport, meter, bufferSize);

    /// <param name="end">Decides what the end of the data means.</param>
    public PipeReader OpenReceiver(DataEndObserver end) => PipeReader.Create(
        new MeteredReadStream(_tls ?? connection.Stream, meter, end),
        new StreamPipeReaderOptions(bufferSize: bufferSize, minimumReadSize: Math.Min(16 * 1024, bufferSize / 4), leaveOpen: true));

    /// <summary>Whether the peer has acknowledged all content that was sent; true only once <see cref="DeliverAsync"/> has begun.</summary>
    public bool IsDelivered => _isEnding && connection.Socket is { } socket && SendQueue.Unacknowledged(socket) <= _afterContent;

    /// <summary>Whether the peer may still send something before it closes, so that <see cref="LingerAsync"/> is needed after a download.</summary>
    public bool AwaitsPeer => !_closed && _drain is not { IsCompleted: true } && (_tls is not null || _drain is not null || connection.Socket is { Available: > 0 });

    /// <summary>Ends an upload: under TLS by close_notify, which is waited for no longer than the limit.</summary>
    public async ValueTask CloseAsync(TimeSpan limit, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (_closed)
            return;
        _closed = true;
        try
        {
            if (_tls is not null)
                await _tls.ShutdownAsync().WaitAsync(limit, clock, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsEnd(exception) || exception is OperationCanceledException or TimeoutException)
        {
            // The peer closed first or does not answer; there is nothing left to save.
        }
        await DisposeStreamsAsync().ConfigureAwait(false);
    }

    /// <summary>
    /// Ends the content of a download, under TLS by close_notify, and waits until the peer has acknowledged all of it. What the peer does afterwards does not matter: it may keep its socket open. The connection stays
    /// open; dispose it, or, with <see cref="AwaitsPeer"/>, call <see cref="LingerAsync"/>.
    /// </summary>
    /// <param name="limit">Where the system does not tell what was acknowledged: how long a peer under TLS, or one that has sent something, is waited for.</param>
    /// <param name="clock">The clock of the limit.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False if the connection broke before all was acknowledged.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async ValueTask<bool> DeliverAsync(TimeSpan limit, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (_tls is null && connection.Socket is { } plain && SendQueue.Unacknowledged(plain) == 0)
            return true;
        if (_tls is not null)
        {
            long content = _transport!.Written;
            try
            {
                await _tls.ShutdownAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
                _afterContent = (int)(_transport.Written - content);
            }
            catch (Exception exception) when (IsEnd(exception))
            {
                // Perhaps the peer knew the length and has closed already.
            }
        }
        if (connection.Socket is not { } socket)
            return true;
        try
        {
            socket.Shutdown(SocketShutdown.Send);
            _afterContent++;
        }
        catch (Exception exception) when (IsEnd(exception))
        {
            // Whether all was delivered before is looked at below.
        }
        _isEnding = true;
        if (SendQueue.IsKnown)
            return await WaitUntilDeliveredAsync(socket, cancellationToken).ConfigureAwait(false);
        if (_tls is not null || socket.Available > 0)
            await WaitForPeerAsync(limit, clock, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>
    /// Reads on until the peer has closed, the limit runs out or the token is cancelled, and closes. A socket that is closed with unread bytes, or gets some afterwards, resets the connection, and some systems then take
    /// from their program what it has not read yet (RFC 4217 section 12).
    /// </summary>
    public async Task LingerAsync(TimeSpan limit, TimeProvider clock, CancellationToken cancellationToken)
    {
        await WaitForPeerAsync(limit, clock, cancellationToken).ConfigureAwait(false);
        _closed = true;
        await DisposeStreamsAsync().ConfigureAwait(false);
    }

    /// <summary>Nothing is left to do: disposal closes the connection in order.</summary>
    public void Release() => _closed = true;

    /// <summary>Ends the connection at once, so that the peer cannot take what it got for the whole.</summary>
    public void Abort()
    {
        if (_closed)
            return;
        _closed = true;
        connection.Abort();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_closed)
            Abort();
        await DisposeStreamsAsync().ConfigureAwait(false);
    }

    private static bool IsEnd(Exception exception) =>
        exception is IOException or SocketException or ObjectDisposedException or InvalidOperationException or System.ComponentModel.Win32Exception;

    /// <summary>
    /// The kernel has no event for an acknowledgement, so it is asked at intervals that grow from one to twenty milliseconds. Mostly the first look suffices, or the peer closes, which is an event and acknowledges everything.
    /// </summary>
    private async ValueTask<bool> WaitUntilDeliveredAsync(Socket socket, CancellationToken cancellationToken)
    {
        for (int interval = 1; SendQueue.Unacknowledged(socket) > _afterContent; interval = Math.Min(interval * 2, LongestInterval))
        {
            if (NativePoll.IsBroken(socket))
                return IsReceived(socket);
            _drain ??= DrainAsync(connection.Stream);
            Task pause = Task.Delay(interval, cancellationToken);
            await (_drain.IsCompleted ? pause : Task.WhenAny(_drain, pause)).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            if (_hasDrainFailed)
                return IsReceived(socket);
        }
        return true;
    }

    /// <summary>
    /// What a connection that was reset has delivered. A client can read everything and reset before its system has acknowledged the last segment; lftp does under TLS. It knows from close_notify that it has everything, so
    /// under TLS it is enough that all was sent.
    /// </summary>
    private bool IsReceived(Socket socket) => SendQueue.Unacknowledged(socket) <= _afterContent || (_tls is not null && SendQueue.Unsent(socket) == 0);

    private async Task WaitForPeerAsync(TimeSpan limit, TimeProvider clock, CancellationToken cancellationToken)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _drain ??= DrainAsync(connection.Stream);
        await Task.WhenAny(_drain, Task.Delay(limit, clock, stop.Token)).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
    }

    /// <summary>
    /// Reads until the peer has closed, the connection breaks, or it is disposed. Nothing is expected; what comes is thrown away, without a look through TLS: session tickets of a peer that is the TLS server cannot be read
    /// after close_notify was sent.
    /// </summary>
    private async Task DrainAsync(Stream stream)
    {
        byte[] scrap = new byte[256];
        try
        {
            while (await stream.ReadAsync(scrap, CancellationToken.None).ConfigureAwait(false) > 0)
            {
            }
        }
        catch (Exception exception) when (IsEnd(exception))
        {
            _hasDrainFailed = true;
        }
    }

    private async ValueTask SecureAsync(Func<SslStream, Task> authenticate, bool peerIsServer)
    {
        _observer = new TlsObserver();
        _transport = new DataTlsTransport(connection.Stream) { Observer = _observer, PeerIsServer = peerIsServer, HoldsTickets = !sends };
        _tls = new SslStream(_transport, leaveInnerStreamOpen: false);
        await authenticate(_tls).ConfigureAwait(false);
        _transport.Observer = null;
        meter.Touch();
    }

    private async ValueTask DisposeStreamsAsync()
    {
        if (_tls is not null)
            await _tls.DisposeAsync().ConfigureAwait(false);
        await connection.Stream.DisposeAsync().ConfigureAwait(false);
    }
}
