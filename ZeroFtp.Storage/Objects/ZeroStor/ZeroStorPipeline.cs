using Polly;
using Polly.CircuitBreaker;
using Polly.Hedging;
using Polly.Retry;
using Polly.Timeout;
using ZeroFtp.Storage.Objects.ZeroStor.Daemons;

namespace ZeroFtp.Storage.Objects.ZeroStor;

/// <summary>
/// The one definition of how calls of 0-stor are made to survive. From the outside in: repetition with jitter until the budget is spent; a bulkhead; for reads, if wanted, a second call when the first is
/// slow; the choice of a daemon; its circuit breaker; the deadline of one call. A place in the bulkhead is given back while a repetition waits, so an outage does not fill it with sleepers.
/// </summary>
internal static class ZeroStorPipeline
{
    public static ResiliencePipeline<TResponse> Build<TResponse>(ZeroStorOptions options, TimeProvider timeProvider, ZeroStorEvents events, ZeroStorMetrics metrics, SemaphoreSlim places, bool hedged)
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
                ShouldHandle = arguments => ValueTask.FromResult(IsTransient(arguments.Outcome.Exception, Operation.Of(arguments.Context)) && Operation.Of(arguments.Context).Spent < options.RetryBudget),
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
                // A failure is for the repetition; this is only for slowness.
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

    /// <summary>The inner part, one for each daemon.</summary>
    public static ResiliencePipeline BuildForDaemon(
        ZeroStorOptions options, TimeProvider timeProvider, CircuitBreakerStateProvider breaker, string daemon, ZeroStorEvents events, ZeroStorMetrics metrics, Action opened) =>
        new ResiliencePipelineBuilder { TimeProvider = timeProvider }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                FailureRatio = options.BreakerFailureRatio,
                MinimumThroughput = options.BreakerMinimumCalls,
                SamplingDuration = options.BreakerWindow,
                BreakDuration = options.BreakerPause,
                StateProvider = breaker,
                ShouldHandle = static arguments => ValueTask.FromResult(arguments.Outcome.Exception is TimeoutRejectedException or DaemonException { IsDaemonsFault: true }),
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
