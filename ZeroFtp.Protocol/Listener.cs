using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Data;
using ZeroFtp.Protocol.Diagnostics;
using ZeroFtp.Protocol.Options;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Protocol;

/// <summary>One listening socket: accepts control connections and gives each to the server. It owns the sockets it accepts.</summary>
internal sealed class Listener : IDisposable
{
    private const int Backlog = 1024;

    /// <summary>Connections that are read for a moment after their session; they hold descriptors without counting as sessions.</summary>
    private const int MaxLingering = 64;

    private readonly Socket _socket;
    private readonly FtpEndPoint _endPoint;
    private readonly FtpServer _server;
    private readonly SessionContext _context;
    private readonly CancellationTokenSource _stop = new();
    private readonly SpareDescriptor _spare = new();
    private int _lingering;

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
        _spare.Dispose();
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
                if (exception.SocketErrorCode == SocketError.TooManyOpenSockets)
                    await RefuseWithoutDescriptorsAsync().ConfigureAwait(false);
                await Task.Delay(TimeSpan.FromMilliseconds(200), _context.Clock, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Answers 421 to the clients that wait to be accepted: the spare descriptor is given up for a moment to each of them.</summary>
    private async ValueTask RefuseWithoutDescriptorsAsync()
    {
        try
        {
            for (int refused = 0; refused < Backlog && _spare.Release(); refused++)
            {
                using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
                limit.CancelAfter(TimeSpan.FromMilliseconds(100));
                using (Socket socket = await _socket.AcceptAsync(limit.Token).ConfigureAwait(false))
                {
                    // Under implicit TLS nothing may be said in clear. The socket's buffer is empty, so this does not wait.
                    if (!_endPoint.ImplicitTls)
                        socket.Send(Replies.TooManyConnections.Encoded.Span);
                }
                _spare.Take();
            }
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Nobody waits any more, or another thread took the descriptor.
        }
        finally
        {
            if (!_stop.IsCancellationRequested)
                _spare.Take();
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
                KeepAlive.Start(socket, _context.Options.Limits.KeepAlive);
                IPEndPoint local = (IPEndPoint)socket.LocalEndPoint!;
                IPEndPoint remote = (IPEndPoint)socket.RemoteEndPoint!;
                NetworkStream stream = new(socket, ownsSocket: false);
                await using ConfiguredAsyncDisposable streamScope = stream.ConfigureAwait(false);
                SocketPipe pipe = new(socket, stream);
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
        try
        {
            if (Interlocked.Increment(ref _lingering) <= MaxLingering)
                await DrainAsync(input).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _lingering);
        }
        await input.CompleteAsync().ConfigureAwait(false);
    }

    private async ValueTask DrainAsync(PipeReader input)
    {
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
    }

    private sealed class SocketPipe(Socket socket, NetworkStream stream) : ISocketPipe
    {
        public Socket Socket => socket;

        /// <summary>Zero-byte reads: an idle session holds no buffer.</summary>
        public PipeReader Input { get; } = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 4096, minimumReadSize: 1024, leaveOpen: true, useZeroByteReads: true));

        public PipeWriter Output { get; } = PipeWriter.Create(stream, new StreamPipeWriterOptions(minimumBufferSize: 4096, leaveOpen: true));
    }
}
