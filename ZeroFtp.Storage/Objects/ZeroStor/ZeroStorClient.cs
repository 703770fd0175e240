using System.Buffers;
using System.Collections.Concurrent;
using Google.Protobuf;
using Grpc.Core;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Objects.ZeroStor.Daemons;
using ZeroFtp.Storage.Objects.ZeroStor.Memory;
using ZeroFtp.Storage.Objects.ZeroStor.Parts;
using ZeroFtp.Storage.Objects.ZeroStor.Schema;
using ZeroFtp.Storage.Objects.ZeroStor.Wire;

namespace ZeroFtp.Storage.Objects.ZeroStor;

/// <summary>The four calls that ZeroFtp makes to 0-stor, across all daemons and through the resilience pipeline. Deals in messages, not in objects.</summary>
internal sealed class ZeroStorClient : IDisposable
{
    /// <summary>How often shards may refuse an extent, each time after they accepted a small write.</summary>
    private const int MaxRefusals = 4;

    private static readonly ByteString _noHash = ByteString.CopyFrom(new byte[32]);

    private readonly DataMethods _methods;
    private readonly DaemonPool _daemons;
    private readonly SemaphoreSlim _writes;
    private readonly SemaphoreSlim _reads;
    private readonly SemaphoreSlim _upkeep;
    private readonly ResiliencePipeline<DataWriteResponse> _write;
    private readonly ResiliencePipeline<Octets> _read;
    private readonly ResiliencePipeline<DataDeleteResponse> _delete;
    private readonly ResiliencePipeline<DataCheckResponse> _check;
    private readonly ResiliencePipeline<Octets> _look;
    private readonly ConcurrentDictionary<string, (ShardState State, long At)> _shards = new(StringComparer.Ordinal);
    private readonly HashSet<string> _goneShards;
    private readonly ZeroStorOptions _options;
    private readonly SegmentPool _pool;
    private readonly TimeProvider _timeProvider;
    private readonly CancellationTokenSource _lifetime = new();
    private readonly WriteGate _gate;
    private DaemonException? _refusal;
    private readonly ZeroStorEvents _events;
    private readonly ZeroStorMetrics _metrics;

    public ZeroStorClient(ZeroStorOptions options, SegmentPool pool, TimeProvider timeProvider, ZeroStorEvents events, ZeroStorMetrics metrics)
    {
        (_options, _pool, _timeProvider, _events, _metrics) = (options, pool, timeProvider, events, metrics);
        _goneShards = [.. options.GoneShards];
        _gate = new WriteGate(
            ProbeWriteAsync, () => _refusal?.Kind == FailureKind.Full, options.RetryDelay, options.MaxRetryDelay, timeProvider, _lifetime.Token);
        _methods = new DataMethods(pool);
        _daemons = new DaemonPool([.. options.Daemons.Select(address => new Daemon(address, options, timeProvider, events, metrics))]);
        _writes = new SemaphoreSlim(options.MaxWritesInFlight);
        _reads = new SemaphoreSlim(options.MaxReadsInFlight);
        _upkeep = new SemaphoreSlim(options.MaxUpkeepInFlight);
        _write = Build<DataWriteResponse>(_writes);
        _read = Build<Octets>(_reads, hedged: true);
        _delete = Build<DataDeleteResponse>(_upkeep);
        _check = Build<DataCheckResponse>(_upkeep);
        _look = Build<Octets>(_upkeep);

        ResiliencePipeline<T> Build<T>(SemaphoreSlim places, bool hedged = false)
            where T : class => ZeroStorPipeline.Build<T>(options, timeProvider, events, metrics, places, hedged);
    }

    /// <summary>True if any daemon seems to work.</summary>
    public bool IsHealthy => _daemons.Daemons.Any(d => d.IsHealthy);

    /// <summary>Stores content, which must not change until this returns. Waits while shards refuse writes, for the retry budget at most.</summary>
    public async ValueTask<IReadOnlyList<Chunk>> WriteAsync(Octets octets, CancellationToken cancellationToken)
    {
        long began = _timeProvider.GetTimestamp();
        TimeSpan Left() => _options.RetryBudget - _timeProvider.GetElapsedTime(began);
        for (int refused = 0; ;)
        {
            // Wait even without a budget left: the first probe is sent at once, and every operation gets at least one attempt.
            while (!await _gate.WaitAsync(Left(), cancellationToken).ConfigureAwait(false))
            {
                if (Left() <= TimeSpan.Zero || _refusal?.Kind == FailureKind.Full)
                    throw Refusal();
            }

            try
            {
                return await WriteOnceAsync(octets, cancellationToken).ConfigureAwait(false);
            }
            catch (DaemonException failure) when (failure.Kind is FailureKind.ShardsDown)
            {
                if (Left() <= TimeSpan.Zero || ++refused == MaxRefusals || _gate.RefusesLargeOnly)
                    throw Refusal();
            }
        }
    }

    /// <summary>Stores content without waiting for shards: once, and only if a small write is accepted now.</summary>
    public async ValueTask<IReadOnlyList<Chunk>> WriteIfPossibleAsync(Octets octets, CancellationToken cancellationToken) =>
        await _gate.TryAsync(cancellationToken).ConfigureAwait(false) ? await WriteOnceAsync(octets, cancellationToken).ConfigureAwait(false) : throw Refusal();

    private async ValueTask<IReadOnlyList<Chunk>> WriteOnceAsync(Octets octets, CancellationToken cancellationToken)
    {
        try
        {
            DataWriteResponse response =
                await RunAsync(_write, new Operation(_methods.Write.Name), _methods.Write, octets, cancellationToken).ConfigureAwait(false);
            _gate.Succeeded();
            _metrics.Written(octets.Length);
            return response.Chunks;
        }
        catch (DaemonException failure) when (failure.Kind is FailureKind.ShardsDown or FailureKind.Full)
        {
            _refusal = failure;
            _gate.Close();
            throw;
        }
    }

    private DaemonException Refusal() => _gate.RefusesLargeOnly
        ? new DaemonException(FailureKind.Full, "0-stor", "The shards accept small writes but refuse larger ones: one of them is nearly full.", _refusal)
        : _refusal ?? new DaemonException(FailureKind.ShardsDown, "0-stor", "The shards refuse writes.");

    private async Task<bool> ProbeWriteAsync(int length, CancellationToken cancellationToken)
    {
        using Octets probe = new(_pool);
        probe.Fill(new ReadOnlySequence<byte>(new byte[length]));
        DataWriteResponse response;
        try
        {
            response = await RunAsync(_write, new Operation(_methods.Write.Name), _methods.Write, probe, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (IsExpected(failure))
        {
            _refusal = failure as DaemonException ?? new DaemonException(FailureKind.Unreachable, "0-stor", failure.Message, failure);
            return false;
        }

        try
        {
            await DeleteAsync(response.Chunks, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (IsExpected(failure))
        {
            CountOrphan(length);
        }

        return true;
    }

    /// <summary>Reads the content of the chunks without verifying it. The caller disposes the result.</summary>
    /// <param name="chunks">The chunks.</param>
    /// <param name="operation">The state of earlier attempts at the same content; this attempt prefers another daemon than the last.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public async ValueTask<Octets> ReadAsync(IReadOnlyList<Chunk> chunks, Operation operation, CancellationToken cancellationToken)
    {
        Octets octets = await RunAsync(_read, operation, _methods.Read, new DataReadRequest { Chunks = { chunks } }, cancellationToken).ConfigureAwait(false);
        _metrics.Read(octets.Length);
        return octets;
    }

    public Operation NewRead() => new(_methods.Read.Name) { WaitsForShards = true };

    /// <summary>Reads the content of the chunks without waiting for shards.</summary>
    /// <returns>The content, which the caller disposes, or null if the daemon finds that it is not what was stored.</returns>
    /// <exception cref="DaemonException">Too few parts exist or are reachable, or no daemon is.</exception>
    public async ValueTask<Octets?> TryReadAsync(IReadOnlyList<Chunk> chunks, CancellationToken cancellationToken)
    {
        try
        {
            return await RunAsync(_look, new Operation(_methods.Read.Name), _methods.Read, new DataReadRequest { Chunks = { chunks } },
                cancellationToken).ConfigureAwait(false);
        }
        catch (DaemonException failure) when (failure.Kind == FailureKind.Corrupt)
        {
            return null;
        }
    }

    /// <summary>Deletes all parts of the chunks. The daemon stops at the first part that is gone or out of reach.</summary>
    public async ValueTask DeleteAsync(IReadOnlyList<Chunk> chunks, CancellationToken cancellationToken) =>
        await RunAsync(_delete, new Operation(_methods.Delete.Name), _methods.Delete, new DataDeleteRequest { Chunks = { chunks } },
            cancellationToken).ConfigureAwait(false);

    /// <summary>
    /// Returns whether the daemons reach a shard. Finds out by deleting a part that cannot exist: only the shard itself answers "not found", every other error
    /// comes from the way to it. The answer is cached for a moment.
    /// </summary>
    /// <param name="shard">The shard's name.</param>
    /// <param name="isDoubted">True if a call there has just failed, which makes a cached answer useless.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async ValueTask<ShardState> AskShardAsync(string shard, bool isDoubted, CancellationToken cancellationToken)
    {
        if (_goneShards.Contains(shard))
            return ShardState.Gone;
        if (!isDoubted && _shards.TryGetValue(shard, out (ShardState State, long At) known))
        {
            TimeSpan age = _timeProvider.GetElapsedTime(known.At);
            if (age < (known.State == ShardState.Up ? _options.RetryDelay * 10 : _options.RetryDelay))
                return known.State;
        }

        ShardState state = await AskShardNowAsync(shard, cancellationToken).ConfigureAwait(false);
        _shards[shard] = (state, _timeProvider.GetTimestamp());
        return state;
    }

    /// <summary>Returns the shards that were down when they were last asked.</summary>
    public IReadOnlyList<string> WhichAreDown(IReadOnlyList<string> shards) =>
        [.. shards.Where(shard => _shards.TryGetValue(shard, out (ShardState State, long At) known) && known.State == ShardState.Down)];

    private async ValueTask<ShardState> AskShardNowAsync(string shard, CancellationToken cancellationToken)
    {
        Chunk nothing = new() { ChunkSize = 1, Hash = _noHash, Objects = { PartMask.Nowhere(shard) } };
        // Each connection that the daemon pooled before the shard restarted fails once; the daemon has five.
        for (int tries = 0; tries < 6; tries++)
        {
            try
            {
                await DeleteAsync([nothing], cancellationToken).ConfigureAwait(false);
                return ShardState.Up;
            }
            catch (DaemonException failure) when (failure.Kind == FailureKind.Gone)
            {
                return ShardState.Up;
            }
            catch (DaemonException failure) when (failure.Kind == FailureKind.NoSuchShard)
            {
                return ShardState.Gone;
            }
            catch (DaemonException failure) when (failure.Kind == FailureKind.ShardsDown)
            {
                if (failure.InnerException is not RpcException { StatusCode: StatusCode.OutOfRange })
                    break;
            }
        }

        return ShardState.Down;
    }

    private async ValueTask<bool> IsAnyDownAsync(IEnumerable<Chunk> chunks, CancellationToken cancellationToken)
    {
        foreach (string shard in chunks.SelectMany(static chunk => chunk.Objects)
            .Where(static part => !PartMask.IsMasked(part)).Select(static part => part.ShardID).Distinct())
        {
            if (await AskShardAsync(shard, isDoubted: true, cancellationToken).ConfigureAwait(false) == ShardState.Down)
                return true;
        }

        return false;
    }

    public async ValueTask<CheckStatus> CheckAsync(IReadOnlyList<Chunk> chunks, bool fast, CancellationToken cancellationToken)
    {
        DataCheckRequest request = new() { Chunks = { chunks }, Fast = fast };
        return (await RunAsync(_check, new Operation(DataMethods.Check.Name), DataMethods.Check, request, cancellationToken).ConfigureAwait(false)).Status;
    }

    /// <summary>Counts content that may have been stored although nothing will ever refer to it.</summary>
    public void CountOrphan(long bytes)
    {
        _metrics.Orphan(bytes);
        _events.Orphan();
    }

    /// <summary>Counts parts of a deleted object that stay because too few others are left to prove that they belong to it.</summary>
    public void Unproven(int parts)
    {
        if (parts == 0)
            return;
        _metrics.PartsLeft(parts);
        _events.PartsLeft(parts);
    }

    /// <summary>Counts parts that stay because they belong to other objects.</summary>
    public void Foreign(int parts)
    {
        if (parts == 0)
            return;
        _metrics.PartsForeign(parts);
        _events.PartsForeign(parts);
    }

    /// <summary>Translates a failure into one that a driver may report.</summary>
    public static FtpDriverException Translate(Exception failure) => failure switch
    {
        FtpDriverException known => known,
        DaemonException { Kind: FailureKind.Full } => new FtpDriverException(FtpError.InsufficientStorage, failure.Message, failure),
        _ => new FtpDriverException(FtpError.Unavailable, failure.Message, failure),
    };

    public static bool IsExpected(Exception failure) => failure is DaemonException or TimeoutRejectedException or BrokenCircuitException or FtpDriverException;

    public void Dispose()
    {
        _lifetime.Cancel();
        _lifetime.Dispose();
        _daemons.Dispose();
        _writes.Dispose();
        _reads.Dispose();
        _upkeep.Dispose();
    }

    private async ValueTask<TResponse> RunAsync<TRequest, TResponse>(
        ResiliencePipeline<TResponse> pipeline, Operation operation, Method<TRequest, TResponse> method, TRequest request, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class
    {
        ResilienceContext context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: false, cancellationToken);
        operation.Attach(context);
        try
        {
            return await pipeline.ExecuteAsync(
                static (context, state) => state.Self.AttemptAsync(state.Operation, state.Method, state.Request, context.CancellationToken),
                context,
                (Self: this, Operation: operation, Method: method, Request: request)).ConfigureAwait(false);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async ValueTask<TResponse> AttemptAsync<TRequest, TResponse>(Operation operation, Method<TRequest, TResponse> method, TRequest request,
        CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class
    {
        for (int tries = 0; ; tries++)
        {
            Daemon daemon = _daemons.Pick(operation.Last);
            operation.Last = daemon;
            try
            {
                TResponse response = await daemon.CallAsync(method, request, cancellationToken).ConfigureAwait(false);
                RequireChunks(response, daemon);
                return response;
            }
            catch (Exception failure) when (request is Octets octets && MayHaveStored(failure))
            {
                CountOrphan(octets.Length);
                throw;
            }
            catch (DaemonException failure) when (failure.Kind == FailureKind.ShardsDown && operation.WaitsForShards && request is DataReadRequest)
            {
                // The daemon reports the same for shards that are down, for lost parts, and for connections broken by a restart, of which it has five per
                // shard.
                if (await IsAnyDownAsync(((DataReadRequest)(object)request).Chunks, cancellationToken).ConfigureAwait(false))
                    throw;
                if (tries == 5)
                    throw new DaemonException(FailureKind.Lost, daemon.Address,
                        "Too many parts of an object are lost: all of its shards answer, but a read fails.", failure);
            }
        }
    }

    // An answer without chunks would become a reference to nothing.
    private static void RequireChunks(object response, Daemon daemon)
    {
        if (response is DataWriteResponse written && (written.Chunks.Count == 0 || written.Chunks.Any(chunk => chunk.Objects.Count == 0)))
            throw new DaemonException(FailureKind.Broken, daemon.Address, "The answer to a write has no chunks.");
    }

    // True except for what the daemon itself refused and connections that were never established. A write that fails on one shard leaves its parts on the
    // others.
    private static bool MayHaveStored(Exception failure) => failure switch
    {
        TimeoutRejectedException or OperationCanceledException or DaemonException { Kind: FailureKind.ShardsDown or FailureKind.Full or FailureKind.Broken } =>
            true,
        DaemonException { Kind: FailureKind.Unreachable, InnerException: RpcException inner } =>
            inner.Status.DebugException is not HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError },
        _ => false,
    };
}
