using Polly;
using Polly.Retry;

namespace ZeroFtp.Storage.Metadata.Postgres;

/// <summary>The one place that says how units are tried again: full jitter between 0 and a bound that doubles, bounded in number and in time.</summary>
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
                // A database that is not there is not there at once again.
                if (arguments.Outcome.Exception is { } fault && SqlStates.Classify(fault, true) != FaultKind.Retry)
                    bound = Math.Max(bound, options.LongestWait.TotalMilliseconds);
                return ValueTask.FromResult<TimeSpan?>(TimeSpan.FromMilliseconds(Random.Shared.NextDouble() * bound));
            },
        })
        .Build();

    /// <summary>Runs the function until it succeeds, fails for good, or its tries or time are spent.</summary>
    public static async ValueTask<T> RunAsync<T>(ResiliencePipeline pipeline, UnitAttempt attempt, Func<UnitAttempt, CancellationToken, ValueTask<T>> run, CancellationToken cancellationToken)
    {
        ResilienceContext context = ResilienceContextPool.Shared.Get(cancellationToken);
        try
        {
            context.Properties.Set(AttemptKey, attempt);
            return await pipeline.ExecuteAsync(static (c, state) => state.run(state.attempt, c.CancellationToken), context, (run, attempt)).ConfigureAwait(false);
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

/// <summary>What is known of a unit between its attempts.</summary>
internal sealed class UnitAttempt(TimeProvider clock, TimeSpan timeout)
{
    private readonly long _began = clock.GetTimestamp();

    /// <summary>Whether the current attempt was sent.</summary>
    public bool IsSent { get; set; }

    /// <summary>How many attempts were sent.</summary>
    public int Sent { get; set; }

    /// <summary>Whether any attempt's answer was lost.</summary>
    public bool IsLost { get; set; }

    /// <summary>Whether its time is spent.</summary>
    public bool IsOver => Remaining == TimeSpan.Zero;

    /// <summary>What is left of its time: waiting for a directory and for the gate, and all attempts together, take no more than that.</summary>
    public TimeSpan Remaining
    {
        get
        {
            TimeSpan left = timeout - clock.GetElapsedTime(_began);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }
}
