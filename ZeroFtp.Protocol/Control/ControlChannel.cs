using System.Buffers;
using System.IO.Pipelines;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using ZeroFtp.Protocol.Tls;

namespace ZeroFtp.Protocol.Control;

/// <summary>
/// The control connection of one session, in clear text or under TLS. Reads commands and writes replies.
/// It owns the SslStream; the underlying pipe belongs to the caller of ServeAsync.
/// </summary>
internal sealed class ControlChannel(IDuplexPipe transport) : IAsyncDisposable
{
    private const int ReadBufferSize = 4096;
    private SslStream? _tls;
    private ControlTlsTransport? _tlsTransport;

    public PipeReader Input { get; private set; } = transport.Input;

    public PipeWriter Output { get; private set; } = transport.Output;

    public bool IsProtected => _tls is not null;

    /// <summary>The underlying socket, in clear text and under TLS alike, for inspection only; null if there is none or it is unknown.</summary>
    public Socket? Socket => (transport as ISocketPipe)?.Socket;

    /// <summary>What the handshake revealed; null in clear text.</summary>
    public TlsObserver? Observer { get; private set; }

    public X509Certificate2? ClientCertificate { get; private set; }

    public string? TlsDescription => _tls?.SslProtocol switch
    {
        null => null,
        System.Security.Authentication.SslProtocols.Tls12 => "TLSv1.2",
        System.Security.Authentication.SslProtocols.Tls13 => "TLSv1.3",
        var other => other.ToString(),
    };

    /// <summary>Starts TLS in the server role. Bytes already in the pipe are the start of the handshake.</summary>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The handshake failed.</exception>
    public async ValueTask SecureAsync(ServerOptionsSelectionCallback select, CancellationToken cancellationToken)
    {
        TlsObserver observer = new();
        ControlTlsTransport stream = new(transport) { Observer = observer };
        SslStream tls = new(stream, leaveInnerStreamOpen: false);
        try
        {
            await tls.AuthenticateAsServerAsync(select, null, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await tls.DisposeAsync().ConfigureAwait(false);
            throw;
        }
        stream.Observer = null;
        Observer = observer;
        _tls = tls;
        _tlsTransport = stream;
        ClientCertificate = tls.RemoteCertificate as X509Certificate2;
        Input = PipeReader.Create(tls, new StreamPipeReaderOptions(
            bufferSize: ReadBufferSize, minimumReadSize: 1024, leaveOpen: true, useZeroByteReads: true));
        Output = PipeWriter.Create(tls, new StreamPipeWriterOptions(minimumBufferSize: ReadBufferSize, leaveOpen: true));
    }

    /// <summary>
    /// Ends TLS with close_notify and continues in clear text. Waits for the peer's close_notify, or for clear text that arrives without one
    /// (RFC 4217 sections 5 and 13).
    /// </summary>
    /// <returns>False if the peer sent protected commands instead or disconnected.</returns>
    public async ValueTask<bool> ReturnToClearAsync(CancellationToken cancellationToken)
    {
        SslStream tls = _tls!;
        ControlTlsTransport stream = _tlsTransport!;
        await Output.CompleteAsync().ConfigureAwait(false);
        stream.ExpectClear = true;
        bool ended;
        try
        {
            await tls.ShutdownAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
            ended = await ReadToEndAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IOException)
        {
            ended = stream.SawClearText;
        }
        await Input.CompleteAsync().ConfigureAwait(false);
        await tls.DisposeAsync().ConfigureAwait(false);
        ClearTls();
        return ended && (!stream.TransportEnded || stream.SawClearText);
    }

    /// <summary>Sends close_notify if TLS is active. The caller closes the transport.</summary>
    public async ValueTask CloseAsync(CancellationToken cancellationToken)
    {
        if (_tls is not { } tls)
            return;
        try
        {
            await tls.ShutdownAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or InvalidOperationException
            or OperationCanceledException or System.ComponentModel.Win32Exception)
        {
            // The peer has disconnected; close_notify has no recipient.
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_tls is not { } tls)
            return;
        await Input.CompleteAsync().ConfigureAwait(false);
        await tls.DisposeAsync().ConfigureAwait(false);
        ClearTls();
    }

    private async ValueTask<bool> ReadToEndAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadResult result = await Input.ReadAsync(cancellationToken).ConfigureAwait(false);
            bool hasBytes = !result.Buffer.IsEmpty;
            Input.AdvanceTo(result.Buffer.End);
            if (hasBytes)
                return false;
            if (result.IsCompleted)
                return true;
        }
    }

    private void ClearTls()
    {
        _tls = null;
        _tlsTransport = null;
        Observer = null;
        ClientCertificate = null;
        Input = transport.Input;
        Output = transport.Output;
    }
}
