using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using ZeroFtp.Protocol.Data;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Protocol;

/// <summary>One listening socket: accepts control connections and gives each to the server. It owns the sockets it accepts.</summary>
internal sealed class Listener : IDisposable
{
    private const int Backlog = 1024;
    private readonly Socket _socket;
    private readonly FtpEndPoint _endPoint;
    private readonly FtpServer _server;
    private readonly SessionContext _context;
    private readonly CancellationTokenSource _stop = new();

    private Listener(Socket socket, FtpEndPoint endPoint, FtpServer server, SessionContext context)
    {
        _socket = socket;
        _endPoint = endPoint;
        _server = server;
        _context = context;
        LocalEndPoint = (IPEndPoint)socket.LocalEndPoint!;
    }

    public IPEndPoint LocalEndPoint { get; }

    public static Listener Bind(FtpEndPoint endPoint, FtpServer server, SessionContext context)
    {
        Socket socket = new(endPoint.Address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (endPoint.Address.Address.Equals(IPAddress.IPv6Any))
                socket.DualMode = true;
            // Inherited by accepted sockets: octets sent as urgent data stay in line (RFC 959 section 4.1.3, ABOR of many clients).
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.OutOfBandInline, true);
            socket.Bind(endPoint.Address);
            socket.Listen(Backlog);
            return new Listener(socket, endPoint, server, context);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Start()
    {
        Log.Listening(_context.Logger, LocalEndPoint, _endPoint.ImplicitTls ? " (implicit TLS)" : "");
        _ = AcceptAsync();
    }

    public void Dispose()
    {
        _stop.Cancel();
        _socket.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                Socket socket = await _socket.AcceptAsync(_stop.Token).ConfigureAwait(false);
                _ = ServeAsync(socket);
            }
            catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException exception) when (exception.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted)
            {
                // The client was gone before it was accepted.
            }
            catch (SocketException exception)
            {
                // Out of descriptors, most likely; they come back as sessions end.
                Log.AcceptFailed(_context.Logger, LocalEndPoint, exception);
                await Task.Delay(TimeSpan.FromMilliseconds(200), _context.Clock, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        // The accept loop goes on at once.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        using (socket)
        {
            try
            {
                socket.NoDelay = true;
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
                IPEndPoint local = (IPEndPoint)socket.LocalEndPoint!;
                IPEndPoint remote = (IPEndPoint)socket.RemoteEndPoint!;
                NetworkStream stream = new(socket, ownsSocket: false);
                await using ConfiguredAsyncDisposable streamScope = stream.ConfigureAwait(false);
                SocketPipe pipe = new(stream);
                if (ProxyHeader.IsExpectedFrom(remote.Address, _context.Options.Proxy))
                {
                    ProxyHeader? header = await ProxyHeader.ReadAsync(pipe.Input, _context.Options.Proxy.HeaderTimeout, _context.Clock).ConfigureAwait(false);
                    if (header is null)
                    {
                        Log.ProxyHeaderRefused(_context.Logger, remote, "it is malformed or late");
                        return;
                    }
                    remote = header.Source ?? remote;
                }
                await _server.ServeAsync(pipe, local, remote, _endPoint.ImplicitTls).ConfigureAwait(false);
                // The session has flushed what was to be said; what a peer that does not read has left unsent is dropped.
                await pipe.Output.CompleteAsync(new IOException("The session is over.")).ConfigureAwait(false);
                await LingerAsync(socket, pipe.Input).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is SocketException or IOException or ObjectDisposedException or OperationCanceledException)
            {
                // The client is gone; its session has been cleaned up.
            }
        }
    }

    /// <summary>Reads on for a moment after the last reply, since closing with unread octets would reset the connection and could destroy that reply.</summary>
    private async ValueTask LingerAsync(Socket socket, PipeReader input)
    {
        socket.Shutdown(SocketShutdown.Send);
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(2), _context.Clock);
        long left = 1024 * 1024;
        while (left > 0)
        {
            ReadResult result = await input.ReadAsync(limit.Token).ConfigureAwait(false);
            left -= result.Buffer.Length;
            input.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
                break;
        }
        await input.CompleteAsync().ConfigureAwait(false);
    }

    private sealed class SocketPipe(NetworkStream stream) : IDuplexPipe
    {
        /// <summary>Zero-byte reads: an idle session holds no buffer.</summary>
        public PipeReader Input { get; } = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 4096, minimumReadSize: 1024, leaveOpen: true, useZeroByteReads: true));

        public PipeWriter Output { get; } = PipeWriter.Create(stream, new StreamPipeWriterOptions(minimumBufferSize: 4096, leaveOpen: true));
    }
}
