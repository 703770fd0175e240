using System.IO.Pipelines;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using ZeroFtp.Protocol.Security;
using ZeroFtp.Protocol.Transfer;

namespace ZeroFtp.Protocol.Data;

/// <summary>
/// One established data connection, in clear or under TLS. It owns the connection. Either <see cref="OpenSender"/> or <see cref="OpenReceiver"/> is called, once; then <see cref="CloseAsync"/>
/// ends it politely or <see cref="Abort"/> at once.
/// </summary>
internal sealed class DataLink(DataConnection connection, TransferMeter meter, int bufferSize, bool sends) : IAsyncDisposable
{
    private SslStream? _tls;
    private DataTlsTransport? _transport;
    private TlsObserver? _observer;
    private bool _closed;

    public bool IsProtected => _tls is not null;

    public TransferMeter Meter => meter;

    /// <summary>The socket, if octets written to it reach the peer as they are: where sendfile may be used.</summary>
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
    public PipeReader OpenReceiver(UploadEnd end) => PipeReader.Create(
        new MeteredReadStream(_tls ?? connection.Stream, meter, end),
        new StreamPipeReaderOptions(bufferSize: bufferSize, minimumReadSize: Math.Min(16 * 1024, bufferSize / 4), leaveOpen: true));

    /// <summary>
    /// Ends the connection so that nothing sent is lost. Under TLS that is close_notify and a half close, then reading until the peer has closed too, so that no reset destroys what is queued (RFC 4217
    /// section 12); in clear the same is done if the peer has sent something to a sender. The wait ends when the limit runs out or the token is cancelled.
    /// </summary>
    public async ValueTask CloseAsync(TimeSpan limit, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (_closed)
            return;
        _closed = true;
        try
        {
            // A socket that is closed with unread octets resets the connection, and the peer loses what it has not taken yet.
            if (_tls is not null || (sends && connection.Socket is { Available: > 0 }))
            {
                using CancellationTokenSource most = new(limit, clock);
                using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(most.Token, cancellationToken);
                if (_tls is not null)
                    await _tls.ShutdownAsync().WaitAsync(end.Token).ConfigureAwait(false);
                if (sends)
                {
                    connection.Socket?.Shutdown(SocketShutdown.Send);
                    await DrainAsync(_tls ?? connection.Stream, end.Token).ConfigureAwait(false);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // The peer closed first or does not answer; there is nothing left to save.
        }
        await DisposeStreamsAsync().ConfigureAwait(false);
    }

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

    private static async ValueTask DrainAsync(Stream stream, CancellationToken cancellationToken)
    {
        byte[] scrap = System.Buffers.ArrayPool<byte>.Shared.Rent(4096);
        try
        {
            while (await stream.ReadAsync(scrap, cancellationToken).ConfigureAwait(false) > 0)
            {
                // Nothing is expected here; what comes is thrown away.
            }
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(scrap);
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
