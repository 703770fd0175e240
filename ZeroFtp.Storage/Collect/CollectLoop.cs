namespace ZeroFtp.Storage.Collect;

/// <summary>Collects in the background as long as the store is open. A failure is logged and tried again with the next turn.</summary>
internal sealed class CollectLoop : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _task;

    public CollectLoop(StorageContext context, Collector collector, TimeSpan beatInterval) =>
        _task = Task.Run(() => RunAsync(context, collector, beatInterval, _stop.Token));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _task.ConfigureAwait(false);
        _stop.Dispose();
    }

    private static async Task RunAsync(StorageContext context, Collector collector, TimeSpan beatInterval, CancellationToken cancellationToken)
    {
        TimeSpan interval = context.Options.CollectInterval;
        bool collects = interval != Timeout.InfiniteTimeSpan;
        long collectedAt = context.TimeProvider.GetTimestamp();
        using PeriodicTimer timer = new(collects && interval < beatInterval ? interval : beatInterval, context.TimeProvider);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
            {
                try
                {
                    if (!collects || context.TimeProvider.GetElapsedTime(collectedAt) < interval)
                    {
                        await collector.BeatAsync(cancellationToken).ConfigureAwait(false);
                        continue;
                    }
                    collectedAt = context.TimeProvider.GetTimestamp();
                    await collector.CollectAsync(cancellationToken).ConfigureAwait(false);
                }
#pragma warning disable CA1031 // Whatever it was, the next turn has to come: a server that ceases to beat is taken for dead.
                catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
                {
                    context.Logger.CollectionFailed(exception);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The store is being closed.
        }
    }
}
