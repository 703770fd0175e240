using Polly;
using Polly.Retry;

namespace ZeroFtp.Storage.Metadata.Postgres;

/// <summary>
/// Defines how units are retried: full jitter between 0 and a bound that doubles, limited in number and in time. No other code retries units.
/// </summary>
internal static class SqlResilience
{
    private static readonly ResiliencePropertyKey<UnitAttempt> AttemptKey = new("attempt");

    public static ResiliencePipeline Build(CockroachMetadataOptions options) => new ResiliencePipelineBuilder { TimeProvider = options.Clock }
        .AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = Math.Max(1, options.Attempts - 1),
            ShouldHandle = static arguments => ValueTask.FromResult(arguments.Outcome.Exception is { } fault && Wants(fault, arguments.Context)),
            DelayGenerator = arguments =>
            {
                double bound = Math.Min(options.FirstWait.TotalMilliseconds * Math.Pow(2, arguments.AttemptNumber), options.LongestWait.TotalMilliseconds);
                // A database that is away takes a while to come back.
                if (arguments.Outcome.Exception is { } fault && SqlStates.Classify(fault, true) != FaultKind.Retry)
                    bound = Math.Max(bound, options.LongestWait.TotalMilliseconds);
                return ValueTask.FromResult<TimeSpan?>(TimeSpan.FromMilliseconds(Random.Shared.NextDouble() * bound));
            },
        })
        .Build();

    /// <summary>Runs the function until it succeeds, fails permanently, or runs out of attempts or time.</summary>
    public static async ValueTask<T> RunAsync<T>(ResiliencePipeline pipeline, UnitAttempt attempt, Func<UnitAttempt, CancellationToken, ValueTask<T>> run,
        CancellationToken cancellationToken)
    {
        ResilienceContext context = ResilienceContextPool.Shared.Get(cancellationToken);
        try
        {
            context.Properties.Set(AttemptKey, attempt);
            return await pipeline.ExecuteAsync(static (c, state) =>
                state.run(state.attempt, c.CancellationToken), context, (run, attempt)).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            throw SqlStates.Translate(fault);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private static bool Wants(Exception fault, ResilienceContext context)
    {
        if (!context.Properties.TryGetValue(AttemptKey, out UnitAttempt? attempt))
            return false;
        FaultKind kind = fault is MetadataException ? FaultKind.Final : SqlStates.Classify(fault, attempt.IsSent);
        if (kind == FaultKind.Lost)
            attempt.IsLost = true;
        return kind != FaultKind.Final && !attempt.IsOver;
    }
}

/// <summary>The state of a unit across its attempts.</summary>
internal sealed class UnitAttempt(TimeProvider clock, TimeSpan timeout)
{
    private readonly long _began = clock.GetTimestamp();

    /// <summary>True if the current attempt was sent.</summary>
    public bool IsSent { get; set; }

    /// <summary>The number of attempts that were sent.</summary>
    public int Sent { get; set; }

    /// <summary>True if the answer of any attempt was lost.</summary>
    public bool IsLost { get; set; }

    /// <summary>True if no time is left.</summary>
    public bool IsOver => Remaining == TimeSpan.Zero;

    /// <summary>The time left. It covers the waits for a directory's lock and for the gate, and all attempts together.</summary>
    public TimeSpan Remaining
    {
        get
        {
            TimeSpan left = timeout - clock.GetElapsedTime(_began);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }
}
