using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;
using Polly;
using Polly.CircuitBreaker;

namespace ZeroFtp.Storage.Objects.ZeroStor.Daemons;

/// <summary>One daemon: its channel, its circuit breaker and how much it has to do.</summary>
internal sealed class Daemon : IDisposable
{
    private const int MaxMessageBytes = 32 << 20;
    private const int WindowBytes = 4 << 20;

    // IPPROTO_TCP and TCP_USER_TIMEOUT, for which the runtime has no name.
    private const int TcpLevel = 6;
    private const int TcpUserTimeout = 18;

    private readonly GrpcChannel _channel;
    private readonly CallInvoker _invoker;
    private readonly ResiliencePipeline _pipeline;
    private readonly CircuitBreakerStateProvider _breaker = new();
    private readonly ZeroStorMetrics _metrics;
    private readonly TimeProvider _timeProvider;
    private readonly TimeSpan _pause;
    private long _openedAt;
    private int _inFlight;
    private int _probing;

    public Daemon(string address, ZeroStorOptions options, TimeProvider timeProvider, ZeroStorEvents events, ZeroStorMetrics metrics)
    {
        Address = address;
        _timeProvider = timeProvider;
        _metrics = metrics;
        _pause = options.BreakerPause;
        _channel = Open(address, options);
        _invoker = _channel.CreateCallInvoker();
        _pipeline = ZeroStorPipeline.BuildForDaemon(options, timeProvider, _breaker, address, events, metrics, () => Interlocked.Exchange(ref _openedAt, timeProvider.GetTimestamp()));
    }

    public string Address { get; }

    /// <summary>Calls that wait for its answer.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Whether calls go to it as usual.</summary>
    public bool IsHealthy => _breaker.CircuitState == CircuitState.Closed;

    /// <summary>Whether it has been left alone for long enough that a call should try it; that says yes to one caller at a time.</summary>
    public bool TryProbe() => !IsHealthy && _timeProvider.GetElapsedTime(Interlocked.Read(ref _openedAt)) >= _pause && Interlocked.CompareExchange(ref _probing, 1, 0) == 0;

    /// <summary>One attempt at a call, within the breaker and the deadline.</summary>
    /// <exception cref="DaemonException">It failed, or is left alone.</exception>
    public async ValueTask<TResponse> CallAsync<TRequest, TResponse>(Method<TRequest, TResponse> method, TRequest request, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class
    {
        Interlocked.Increment(ref _inFlight);
        long began = _timeProvider.GetTimestamp();
        string outcome = "ok";
        try
        {
            return await _pipeline.ExecuteAsync(
                static (state, token) => state.Self.InvokeAsync(state.Method, state.Request, token), (Self: this, Method: method, Request: request), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            outcome = (failure as DaemonException)?.Kind.ToString() ?? failure.GetType().Name;
            throw;
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
            Volatile.Write(ref _probing, 0);
            _metrics.Called(Address, method.Name, outcome, _timeProvider.GetElapsedTime(began));
        }
    }

    public void Dispose() => _channel.Dispose();

    private static GrpcChannel Open(string address, ZeroStorOptions options)
    {
        SocketsHttpHandler handler = new()
        {
            UseProxy = false,
            UseCookies = false,
            ConnectTimeout = options.ConnectTimeout,
            EnableMultipleHttp2Connections = true,
            InitialHttp2StreamWindowSize = WindowBytes,
            // No pings of HTTP/2: the daemon's server takes more than one in five minutes for abuse and closes the connection. The socket finds out by itself that the other end is gone.
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            // With a callback of ours the channel does not keep its own count of failed connections, which would hold calls back for up to two minutes after an outage.
            ConnectCallback = (context, cancellationToken) => ConnectAsync(address, context.DnsEndPoint, cancellationToken),
        };
        return GrpcChannel.ForAddress(address.StartsWith("unix:", StringComparison.Ordinal) ? "http://localhost" : address, new GrpcChannelOptions
        {
            HttpHandler = handler,
            DisposeHttpClient = true,
            MaxReceiveMessageSize = MaxMessageBytes,
            MaxSendMessageSize = MaxMessageBytes,
            ThrowOperationCanceledOnCancellation = true,
        });
    }

    private static async ValueTask<Stream> ConnectAsync(string address, DnsEndPoint endPoint, CancellationToken cancellationToken)
    {
        bool local = address.StartsWith("unix:", StringComparison.Ordinal);
        Socket socket = local ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) : new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (!local)
                WatchPeer(socket);
            await socket.ConnectAsync(local ? new UnixDomainSocketEndPoint(address["unix:".Length..]) : endPoint, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>A machine that vanished without a word is found out in half a minute, whether the connection was idle or waited for an acknowledgement.</summary>
    private static void WatchPeer(Socket socket)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 15);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 5);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
        if (OperatingSystem.IsLinux())
            socket.SetRawSocketOption(TcpLevel, TcpUserTimeout, BitConverter.GetBytes(30_000));
    }

    private async ValueTask<TResponse> InvokeAsync<TRequest, TResponse>(Method<TRequest, TResponse> method, TRequest request, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class
    {
        try
        {
            using AsyncUnaryCall<TResponse> call = _invoker.AsyncUnaryCall(method, null, new CallOptions(cancellationToken: cancellationToken), request);
            return await call.ResponseAsync.ConfigureAwait(false);
        }
        catch (RpcException failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw DaemonException.From(failure, Address);
        }
        catch (RpcException)
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }
}
