using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace ZeroFtp.Storage.Objects.ZeroStor.Direct.Shards;

/// <summary>What the server says of a part without sending it.</summary>
internal enum PartCheck
{
    Intact,

    /// <summary>Its checksum does not fit, or it cannot be read.</summary>
    Damaged,

    Missing,
}

/// <summary>
/// One shard: its connections, its circuit breaker, and the deadline of each command. Commands are not retried here; whether another shard will do is for
/// the caller to say.
/// </summary>
internal sealed class Shard : IAsyncDisposable
{
    private static readonly ReadOnlyMemory<byte> NoKey = ReadOnlyMemory<byte>.Empty;

    private readonly ShardAddress _address;
    private readonly DirectOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly ResiliencePipeline _pipeline;
    private readonly CircuitBreakerStateProvider _breaker = new();
    private readonly SemaphoreSlim _opening = new(1);
    private readonly List<ZdbConnection> _connections = [];
    private long _latencyTicks;
    private long _openedAt;
    private int _inFlight;
    private volatile string _lastFailure = "";
    private bool _disposed;

    public Shard(ShardAddress address, DirectOptions options, TimeProvider timeProvider, ZeroStorEvents events, ZeroStorMetrics metrics)
    {
        (_address, _options, _timeProvider) = (address, options, timeProvider);
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = timeProvider }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                FailureRatio = 0.5,
                MinimumThroughput = 2,
                SamplingDuration = TimeSpan.FromSeconds(10),
                BreakDuration = options.BreakerPause,
                StateProvider = _breaker,
                ShouldHandle = static arguments =>
                    ValueTask.FromResult(arguments.Outcome.Exception is TimeoutRejectedException or ZdbException { IsShardsFault: true }),
                OnOpened = arguments =>
                {
                    Interlocked.Exchange(ref _openedAt, timeProvider.GetTimestamp());
                    metrics.Opened(address.Id);
                    events.Opened(address.Id, arguments.BreakDuration, arguments.Outcome.Exception?.Message ?? "");
                    return ValueTask.CompletedTask;
                },
                OnClosed = _ =>
                {
                    events.Closed(address.Id);
                    return ValueTask.CompletedTask;
                },
            })
            .AddTimeout(new TimeoutStrategyOptions
            {
                Timeout = options.CommandTimeout,
                OnTimeout = arguments =>
                {
                    events.TimedOut(address.Id, arguments.Timeout);
                    return ValueTask.CompletedTask;
                },
            })
            .Build();
    }

    /// <summary>What references call it.</summary>
    public string Id => _address.Id;

    /// <summary>
    /// False while its circuit is open. Once the pause is over the shard counts as healthy again, so that a command tries it: with enough others, an unhealthy one would never be asked.
    /// </summary>
    public bool IsHealthy =>
        _breaker.CircuitState is CircuitState.Closed || _timeProvider.GetElapsedTime(Interlocked.Read(ref _openedAt)) >= _options.BreakerPause;

    /// <summary>A guess at how long the next command takes, by which the fastest shards are asked first.</summary>
    public TimeSpan ExpectedLatency => TimeSpan.FromTicks(Interlocked.Read(ref _latencyTicks) * (1 + Volatile.Read(ref _inFlight)));

    /// <summary>Stores a part.</summary>
    /// <returns>The key that the shard gave it.</returns>
    public ValueTask<byte[]> SetAsync(ReadOnlyMemory<byte> value, CancellationToken cancellationToken) =>
        RunAsync("SET", [NoKey, value], static reply =>
            reply is { Kind: ZdbReplyKind.Bulk, Value.Length: > 0 } ? reply.Value.ToArray()
            : throw new FormatException("A write was answered without a key."), cancellationToken);

    /// <summary>Reads a part.</summary>
    /// <returns>The part, or an empty array if there is none under this key.</returns>
    public ValueTask<byte[]> GetAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken) =>
        RunAsync("GET", [key], static reply => reply.Value.ToArray(), cancellationToken);

    /// <summary>Deletes a part; one that is not there counts as deleted.</summary>
    public async ValueTask DeleteAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken)
    {
        try
        {
            await RunAsync("DEL", [key], static _ => true, cancellationToken).ConfigureAwait(false);
        }
        catch (ZdbException exception) when (exception.Failure == ZdbFailure.Other && exception.Message.EndsWith("Key not found", StringComparison.Ordinal))
        {
            // It is gone already.
        }
    }

    /// <summary>Has the shard compare a part with its checksum, and its length with the expected one.</summary>
    public async ValueTask<PartCheck> CheckAsync(ReadOnlyMemory<byte> key, int expectedLength, CancellationToken cancellationToken)
    {
        long? length = await RunAsync("LENGTH", [key], static reply =>
            reply.Kind == ZdbReplyKind.Nil ? (long?)null : reply.Integer, cancellationToken).ConfigureAwait(false);
        if (length is null)
            return PartCheck.Missing;
        if (length != expectedLength)
            return PartCheck.Damaged;
        long? check = await RunAsync("CHECK", [key], static reply =>
            reply.Kind == ZdbReplyKind.Nil ? (long?)null : reply.Integer, cancellationToken).ConfigureAwait(false);
        return check switch
        {
            null => PartCheck.Missing,
            1 => PartCheck.Intact,
            _ => PartCheck.Damaged,
        };
    }

    public async ValueTask DisposeAsync()
    {
        await _opening.WaitAsync().ConfigureAwait(false);
        _disposed = true;
        foreach (ZdbConnection connection in _connections)
            await connection.DisposeAsync().ConfigureAwait(false);
        _connections.Clear();
        _opening.Release();
    }

    private async ValueTask<T> RunAsync<T>(string command, ReadOnlyMemory<byte>[] arguments, Func<ZdbReply, T> read, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _inFlight);
        long began = _timeProvider.GetTimestamp();
        try
        {
            T result = await _pipeline.ExecuteAsync(
                static async (state, token) =>
                {
                    using ZdbReply reply = await state.Self.SendAsync(state.Command, state.Arguments, token).ConfigureAwait(false);
                    return state.Read(reply);
                },
                (Self: this, Command: command, Arguments: arguments, Read: read),
                cancellationToken).ConfigureAwait(false);
            Learn(_timeProvider.GetElapsedTime(began));
            return result;
        }
        catch (Exception exception) when (exception is TimeoutRejectedException or BrokenCircuitException or FormatException)
        {
            if (exception is BrokenCircuitException)
                throw new ZdbException(ZdbFailure.Unreachable, Id, $"The circuit is open: {_lastFailure}", exception);
            Learn(_timeProvider.GetElapsedTime(began));
            _lastFailure = exception.Message;
            throw new ZdbException(exception is FormatException ? ZdbFailure.Other : ZdbFailure.Unreachable, Id, exception.Message, exception);
        }
        catch (ZdbException exception) when (exception.IsShardsFault)
        {
            _lastFailure = exception.Message;
            throw;
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }
    }

    private async ValueTask<ZdbReply> SendAsync(string command, ReadOnlyMemory<byte>[] arguments, CancellationToken cancellationToken)
    {
        ZdbConnection connection = await RentAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await connection.SendAsync(command, arguments, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // A reply that is late holds up all behind it.
            connection.Abort();
            throw;
        }
    }

    /// <summary>Returns the connection with the fewest commands under way; another one is opened while all are busy and there may be more.</summary>
    private async ValueTask<ZdbConnection> RentAsync(CancellationToken cancellationToken)
    {
        if (Least() is { Waiting: 0 } idle)
            return idle;
        await _opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            ZdbConnection? least = Least();
            int open;
            lock (_connections)
            {
                _connections.RemoveAll(static connection => !connection.IsUsable);
                open = _connections.Count;
            }
            if (least is not null && (least.Waiting == 0 || open >= _options.ConnectionsPerShard))
                return least;
            using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(_options.ConnectTimeout);
            try
            {
                ZdbConnection opened = await ZdbConnection.OpenAsync(_address, limit.Token).ConfigureAwait(false);
                lock (_connections)
                    _connections.Add(opened);
                return opened;
            }
            catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
            {
                throw new ZdbException(ZdbFailure.Unreachable, Id, $"No connection within {_options.ConnectTimeout.TotalSeconds:0.#} s.", exception);
            }
        }
        finally
        {
            _opening.Release();
        }
    }

    private ZdbConnection? Least()
    {
        lock (_connections)
            return _connections.Where(static connection => connection.IsUsable).MinBy(static connection => connection.Waiting);
    }

    // The weight of the past halves with every other command.
    private void Learn(TimeSpan took)
    {
        long known = Interlocked.Read(ref _latencyTicks);
        Interlocked.Exchange(ref _latencyTicks, known == 0 ? took.Ticks : ((3 * known) + took.Ticks) / 4);
    }
}
