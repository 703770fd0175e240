using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;
using ZeroFtp.Storage.Objects.ZeroStor.Schema;
using ZeroFtp.Storage.Objects.ZeroStor.Wire;

namespace ZeroFtp.Storage.Objects.ZeroStor.Daemons;

/// <summary>A daemon: its channel, its circuit breaker and its load.</summary>
internal sealed class Daemon : IDisposable
{
    private const int MaxMessageBytes = 32 << 20;
    private const int WindowBytes = 4 << 20;

    // IPPROTO_TCP and TCP_USER_TIMEOUT, which the runtime does not define.
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
    private readonly TimeSpan _pingTimeout;
    private readonly CancellationTokenSource _lifetime = new();
    private int _probing;
    private int _isAside;

    public Daemon(string address, ZeroStorOptions options, TimeProvider timeProvider, ZeroStorEvents events, ZeroStorMetrics metrics)
    {
        Address = address;
        _timeProvider = timeProvider;
        _metrics = metrics;
        _pause = options.BreakerPause;
        _pingTimeout = options.ConnectTimeout;
        _channel = Open(address, options);
        _invoker = _channel.CreateCallInvoker();
        _pipeline = ZeroStorPipeline.BuildForDaemon(options, timeProvider, _breaker, address, events, metrics, () =>
            Interlocked.Exchange(ref _openedAt, timeProvider.GetTimestamp()));
    }

    public string Address { get; }

    /// <summary>The number of calls that wait for an answer.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>True if calls are sent to it as usual.</summary>
    public bool IsHealthy => Volatile.Read(ref _isAside) == 0 && _breaker.CircuitState == CircuitState.Closed;

    /// <summary>True if its circuit has been open long enough for a call to try it. Returns true to one caller at a time.</summary>
    public bool TryProbe() =>
        Volatile.Read(ref _isAside) == 0 && !IsHealthy && _timeProvider.GetElapsedTime(Interlocked.Read(ref _openedAt)) >= _pause
        && Interlocked.CompareExchange(ref _probing, 1, 0) == 0;

    /// <summary>Makes one attempt at a call, within the circuit breaker and the timeout.</summary>
    /// <exception cref="DaemonException">The call failed, or the circuit is open.</exception>
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
                static (state, token) => state.Self.InvokeAsync(state.Method, state.Request, token),
                (Self: this, Method: method, Request: request),
                cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            outcome = (failure as DaemonException)?.Kind.ToString() ?? failure.GetType().Name;
            if (failure is TimeoutRejectedException)
                SetAside();
            throw;
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
            Volatile.Write(ref _probing, 0);
            _metrics.Called(Address, method.Name, outcome, _timeProvider.GetElapsedTime(began));
        }
    }

    public void Dispose()
    {
        _lifetime.Cancel();
        _lifetime.Dispose();
        _channel.Dispose();
    }

    /// <summary>
    /// Stops using the daemon after a single timeout. A daemon that hangs would cost each further call the whole timeout, and the breaker's window is shorter
    /// than a few timeouts. A call that needs no shard polls whether it answers again, so that slow shards do not matter and no client waits for it.
    /// </summary>
    private void SetAside()
    {
        if (Interlocked.Exchange(ref _isAside, 1) == 0)
            _ = PingAsync(_lifetime.Token);
    }

    private async Task PingAsync(CancellationToken cancellationToken)
    {
        try
        {
            // A daemon that was only slow answers at once.
            while (!await AnswersAsync(cancellationToken).ConfigureAwait(false))
                await Task.Delay(_pause, _timeProvider, cancellationToken).ConfigureAwait(false);
            Volatile.Write(ref _isAside, 0);
        }
        catch (OperationCanceledException)
        {
            // The store is closing.
        }
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(_pingTimeout);
        try
        {
            // A check of no chunks is rejected, and the rejection is the answer.
            using AsyncUnaryCall<DataCheckResponse> call =
                _invoker.AsyncUnaryCall(DataMethods.Check, null, new CallOptions(cancellationToken: deadline.Token), new DataCheckRequest());
            await call.ResponseAsync.ConfigureAwait(false);
            return true;
        }
        catch (RpcException failure) when (!cancellationToken.IsCancellationRequested)
        {
            return failure.StatusCode is StatusCode.InvalidArgument or StatusCode.Unknown;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
        catch (RpcException)
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }

    private static GrpcChannel Open(string address, ZeroStorOptions options)
    {
        SocketsHttpHandler handler = new()
        {
            UseProxy = false,
            UseCookies = false,
            ConnectTimeout = options.ConnectTimeout,
            EnableMultipleHttp2Connections = true,
            InitialHttp2StreamWindowSize = WindowBytes,
            // No HTTP/2 pings: the daemon's server treats more than one in five minutes as abuse and closes the connection. TCP keep-alive detects a dead peer.
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            // With a custom callback, the channel does not track failed connections itself, which would hold calls back for up to two minutes after an outage.
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
        Socket socket = local ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
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

    /// <summary>Detects within half a minute that a machine vanished silently, whether the connection was idle or waited for an acknowledgement.</summary>
    private static void WatchPeer(Socket socket)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 15);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 5);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
        if (OperatingSystem.IsLinux())
            socket.SetRawSocketOption(TcpLevel, TcpUserTimeout, BitConverter.GetBytes(30_000));
    }

    private async ValueTask<TResponse> InvokeAsync<TRequest, TResponse>(Method<TRequest, TResponse> method, TRequest request,
        CancellationToken cancellationToken)
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
