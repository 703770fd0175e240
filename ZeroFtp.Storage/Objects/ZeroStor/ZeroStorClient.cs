using Google.Protobuf.Collections;
using Grpc.Core;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Objects.ZeroStor.Daemons;
using ZeroFtp.Storage.Objects.ZeroStor.Memory;
using ZeroFtp.Storage.Objects.ZeroStor.Schema;
using ZeroFtp.Storage.Objects.ZeroStor.Wire;

namespace ZeroFtp.Storage.Objects.ZeroStor;

/// <summary>The five calls that ZeroFtp makes of 0-stor, over all daemons and through the pipeline. It knows messages, not objects.</summary>
internal sealed class ZeroStorClient : IDisposable
{
    private readonly DataMethods _methods;
    private readonly DaemonPool _daemons;
    private readonly SemaphoreSlim _writes;
    private readonly SemaphoreSlim _reads;
    private readonly SemaphoreSlim _upkeep;
    private readonly ResiliencePipeline<DataWriteResponse> _write;
    private readonly ResiliencePipeline<Octets> _read;
    private readonly ResiliencePipeline<DataDeleteResponse> _delete;
    private readonly ResiliencePipeline<DataCheckResponse> _check;
    private readonly ResiliencePipeline<DataRepairResponse> _repair;
    private readonly ZeroStorEvents _events;
    private readonly ZeroStorMetrics _metrics;

    public ZeroStorClient(ZeroStorOptions options, SegmentPool pool, TimeProvider timeProvider, ZeroStorEvents events, ZeroStorMetrics metrics)
    {
        _events = events;
        _metrics = metrics;
        _methods = new DataMethods(pool);
        _daemons = new DaemonPool([.. options.Daemons.Select(address => new Daemon(address, options, timeProvider, events, metrics))]);
        _writes = new SemaphoreSlim(options.MaxWritesInFlight);
        _reads = new SemaphoreSlim(options.MaxReadsInFlight);
        _upkeep = new SemaphoreSlim(options.MaxUpkeepInFlight);
        _write = Build<DataWriteResponse>(_writes);
        _read = Build<Octets>(_reads, hedged: true);
        _delete = Build<DataDeleteResponse>(_upkeep);
        _check = Build<DataCheckResponse>(_upkeep);
        _repair = Build<DataRepairResponse>(_upkeep);

        ResiliencePipeline<T> Build<T>(SemaphoreSlim places, bool hedged = false)
            where T : class => ZeroStorPipeline.Build<T>(options, timeProvider, events, metrics, places, hedged);
    }

    /// <summary>Whether any daemon is thought to work.</summary>
    public bool IsHealthy => _daemons.Daemons.Any(d => d.IsHealthy);

    /// <summary>Stores octets, which must stay until this has returned.</summary>
    public async ValueTask<IReadOnlyList<Chunk>> WriteAsync(Octets octets, CancellationToken cancellationToken)
    {
        DataWriteResponse response = await RunAsync(_write, new Operation(_methods.Write.Name), _methods.Write, octets, cancellationToken).ConfigureAwait(false);
        _metrics.Written(octets.Length);
        return response.Chunks;
    }

    /// <summary>Reads what the chunks hold, unverified. The caller disposes it.</summary>
    /// <param name="chunks">Which.</param>
    /// <param name="operation">What earlier attempts at the same octets know; this one prefers another daemon than the last.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<Octets> ReadAsync(IReadOnlyList<Chunk> chunks, Operation operation, CancellationToken cancellationToken)
    {
        Octets octets = await RunAsync(_read, operation, _methods.Read, new DataReadRequest { Chunks = { chunks } }, cancellationToken).ConfigureAwait(false);
        _metrics.Read(octets.Length);
        return octets;
    }

    public Operation NewRead() => new(_methods.Read.Name);

    /// <summary>Deletes all parts of the chunks; parts that are gone already are no failure.</summary>
    public async ValueTask DeleteAsync(IReadOnlyList<Chunk> chunks, CancellationToken cancellationToken)
    {
        try
        {
            await RunAsync(_delete, new Operation(_methods.Delete.Name), _methods.Delete, new DataDeleteRequest { Chunks = { chunks } }, cancellationToken).ConfigureAwait(false);
        }
        catch (DaemonException failure) when (failure.Kind == FailureKind.Gone)
        {
            // A deletion that stopped halfway can never be repeated: the daemon stops at the first part that is gone.
        }
    }

    public async ValueTask<CheckStatus> CheckAsync(IReadOnlyList<Chunk> chunks, bool fast, CancellationToken cancellationToken)
    {
        DataCheckRequest request = new() { Chunks = { chunks }, Fast = fast };
        return (await RunAsync(_check, new Operation(_methods.Check.Name), _methods.Check, request, cancellationToken).ConfigureAwait(false)).Status;
    }

    public async ValueTask<IReadOnlyList<Chunk>> RepairAsync(IReadOnlyList<Chunk> chunks, CancellationToken cancellationToken)
    {
        DataRepairRequest request = new() { Chunks = { chunks } };
        return (await RunAsync(_repair, new Operation(_methods.Repair.Name), _methods.Repair, request, cancellationToken).ConfigureAwait(false)).Chunks;
    }

    /// <summary>Something may have been stored that nothing will ever refer to.</summary>
    public void CountOrphan()
    {
        _metrics.Orphan();
        _events.Orphan();
    }

    /// <summary>A failure as the driver's user may see it.</summary>
    public static FtpDriverException Translate(Exception failure) => failure switch
    {
        FtpDriverException known => known,
        DaemonException { Kind: FailureKind.Full } => new FtpDriverException(FtpError.InsufficientStorage, failure.Message, failure),
        _ => new FtpDriverException(FtpError.Unavailable, failure.Message, failure),
    };

    public static bool IsExpected(Exception failure) => failure is DaemonException or TimeoutRejectedException or BrokenCircuitException or FtpDriverException;

    public void Dispose()
    {
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

    private async ValueTask<TResponse> AttemptAsync<TRequest, TResponse>(Operation operation, Method<TRequest, TResponse> method, TRequest request, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class
    {
        Daemon daemon = _daemons.Pick(operation.Last);
        operation.Last = daemon;
        try
        {
            TResponse response = await daemon.CallAsync(method, request, cancellationToken).ConfigureAwait(false);
            RequireChunks(response, daemon);
            return response;
        }
        catch (Exception failure) when (request is Octets && MayHaveStored(failure))
        {
            CountOrphan();
            throw;
        }
    }

    // An answer without chunks would become a reference to nothing.
    private static void RequireChunks(object response, Daemon daemon)
    {
        if ((response is DataWriteResponse written && !NamesAll(written.Chunks)) || (response is DataRepairResponse repaired && !NamesAll(repaired.Chunks)))
            throw new DaemonException(FailureKind.Broken, daemon.Address, "The answer to a write names nothing.");
        static bool NamesAll(RepeatedField<Chunk> chunks) => chunks.Count > 0 && chunks.All(c => c.Objects.Count > 0);
    }

    // All but what the daemon itself refused, and a connection that never came to be.
    private static bool MayHaveStored(Exception failure) => failure switch
    {
        TimeoutRejectedException or OperationCanceledException => true,
        DaemonException { Kind: FailureKind.Unreachable, InnerException: RpcException inner } =>
            inner.Status.DebugException is not HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError },
        _ => false,
    };
}
