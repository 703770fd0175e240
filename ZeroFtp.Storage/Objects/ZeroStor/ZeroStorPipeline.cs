using Polly;
using Polly.CircuitBreaker;
using Polly.Hedging;
using Polly.Retry;
using Polly.Timeout;
using ZeroFtp.Storage.Objects.ZeroStor.Daemons;

namespace ZeroFtp.Storage.Objects.ZeroStor;

/// <summary>
/// The resilience pipeline of all calls to 0-stor. From the outside in: retries with jitter until the budget is spent; a bulkhead; for reads, optionally,
/// hedging; the choice of a daemon; its circuit breaker; the timeout of one call. A call gives up its place in the bulkhead while it waits for a retry, so an
/// outage does not fill the bulkhead with sleeping calls.
/// </summary>
internal static class ZeroStorPipeline
{
    public static ResiliencePipeline<TResponse> Build<TResponse>(ZeroStorOptions options, TimeProvider timeProvider, ZeroStorEvents events,
        ZeroStorMetrics metrics, SemaphoreSlim places, bool hedged)
        where TResponse : class
    {
        ResiliencePipelineBuilder<TResponse> builder = new() { TimeProvider = timeProvider };
        if (options.RetryBudget > TimeSpan.Zero)
        {
            builder.AddRetry(new RetryStrategyOptions<TResponse>
            {
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = options.RetryDelay,
                MaxDelay = options.MaxRetryDelay,
                ShouldHandle = arguments =>
                    ValueTask.FromResult(IsTransient(arguments.Outcome.Exception, Operation.Of(arguments.Context))
                    && Operation.Of(arguments.Context).Spent < options.RetryBudget),
                OnRetry = arguments =>
                {
                    Operation operation = Operation.Of(arguments.Context);
                    operation.Spend(arguments.RetryDelay);
                    metrics.Retried(operation.Name);
                    events.Retried(operation.Name, arguments.RetryDelay, arguments.AttemptNumber + 1, arguments.Outcome.Exception!.Message);
                    return ValueTask.CompletedTask;
                },
            });
        }

        builder.AddStrategy(_ => new Bulkhead(places, timeProvider), new Bulkhead.Options());
        if (hedged && options.Daemons.Count > 1 && options.HedgeReadsAfter is { } delay && delay < options.CallTimeout)
        {
            builder.AddHedging(new HedgingStrategyOptions<TResponse>
            {
                Delay = delay,
                MaxHedgedAttempts = 1,
                // Failures are left to the retries; hedging is for slow answers only.
                ShouldHandle = static _ => PredicateResult.False(),
                OnHedging = arguments =>
                {
                    metrics.Hedged();
                    events.Hedged(Operation.Of(arguments.ActionContext).Name);
                    return ValueTask.CompletedTask;
                },
            });
        }

        return builder.Build();
    }

    /// <summary>Builds the inner part, one for each daemon.</summary>
    public static ResiliencePipeline BuildForDaemon(
        ZeroStorOptions options, TimeProvider timeProvider, CircuitBreakerStateProvider breaker, string daemon, ZeroStorEvents events, ZeroStorMetrics metrics,
            Action opened) =>
        new ResiliencePipelineBuilder { TimeProvider = timeProvider }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                FailureRatio = options.BreakerFailureRatio,
                MinimumThroughput = options.BreakerMinimumCalls,
                SamplingDuration = options.BreakerWindow,
                BreakDuration = options.BreakerPause,
                StateProvider = breaker,
                ShouldHandle = static arguments =>
                    ValueTask.FromResult(arguments.Outcome.Exception is TimeoutRejectedException or DaemonException { IsDaemonsFault: true }),
                OnOpened = arguments =>
                {
                    opened();
                    metrics.Opened(daemon);
                    events.Opened(daemon, arguments.BreakDuration, arguments.Outcome.Exception?.Message ?? "");
                    return ValueTask.CompletedTask;
                },
                OnClosed = _ =>
                {
                    events.Closed(daemon);
                    return ValueTask.CompletedTask;
                },
            })
            .AddTimeout(new TimeoutStrategyOptions
            {
                Timeout = options.CallTimeout,
                OnTimeout = arguments =>
                {
                    events.TimedOut(daemon, arguments.Timeout);
                    return ValueTask.CompletedTask;
                },
            })
            .Build();

    private static bool IsTransient(Exception? failure, Operation operation) => failure switch
    {
        DaemonException { Kind: FailureKind.ShardsDown } => operation.WaitsForShards,
        DaemonException daemon => daemon.IsTransient,
        _ => failure is TimeoutRejectedException or BrokenCircuitException,
    };
}
