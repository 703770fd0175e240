using Polly;

namespace ZeroFtp.Storage.Objects.ZeroStor;

/// <summary>Limits the number of concurrent calls. The others wait, which is the back-pressure that reaches the clients.</summary>
internal sealed class Bulkhead(SemaphoreSlim places, TimeProvider timeProvider) : ResilienceStrategy
{
    protected override async ValueTask<Outcome<TResult>> ExecuteCore<TResult, TState>(
        Func<ResilienceContext, TState, ValueTask<Outcome<TResult>>> callback, ResilienceContext context, TState state)
    {
        try
        {
            await places.WaitAsync(context.CancellationToken).ConfigureAwait(context.ContinueOnCapturedContext);
        }
        catch (OperationCanceledException cancelled)
        {
            return Outcome.FromException<TResult>(cancelled);
        }

        long began = timeProvider.GetTimestamp();
        try
        {
            return await callback(context, state).ConfigureAwait(context.ContinueOnCapturedContext);
        }
        finally
        {
            places.Release();
            Operation.Of(context).Spend(timeProvider.GetElapsedTime(began));
        }
    }

    internal sealed class Options : ResilienceStrategyOptions
    {
        public Options() => Name = nameof(Bulkhead);
    }
}
