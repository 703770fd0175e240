using Microsoft.Extensions.Logging;
using ZeroFtp.Storage.Content;
using ZeroFtp.Storage.Diagnostics;

namespace ZeroFtp.Storage.Maintenance;

/// <summary>
/// Renews the front-end's lease and collects garbage in the background while the store is open. A failure is logged and retried in the next turn. Neither the
/// lease nor the reaping of dead servers waits for the collection: a deletion may take as long as the object store allows, a server that does not renew its
/// lease is declared dead, and clients may be waiting for what a dead server had started.
/// </summary>
internal sealed class CollectLoop : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ILogger _logger;
    private readonly TimeProvider _timeProvider;
    private readonly Task _tasks;

    public CollectLoop(StorageContext context, Collector collector, TimeSpan beatInterval)
    {
        _logger = context.Logger;
        _timeProvider = context.TimeProvider;
        TimeSpan interval = context.Options.CollectInterval;
        Task beats = Task.Run(() => RunAsync(beatInterval, collector.BeatAsync));
        if (interval == Timeout.InfiniteTimeSpan)
        {
            _tasks = beats;
            return;
        }
        Task reaps = Task.Run(() => RunAsync(interval, async token => await collector.ReapAsync(trash: false, token).ConfigureAwait(false)));
        Task collections = Task.Run(() => RunAsync(interval, async token => await collector.CollectAsync(token).ConfigureAwait(false)));
        _tasks = Task.WhenAll(beats, reaps, collections);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _tasks.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task RunAsync(TimeSpan interval, Func<CancellationToken, ValueTask> run)
    {
        using PeriodicTimer timer = new(interval, _timeProvider);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
            {
                try
                {
                    await run(_stop.Token).ConfigureAwait(false);
                }
#pragma warning disable CA1031 // Whatever the failure, the next turn must run.
                catch (Exception exception) when (exception is not OperationCanceledException || !_stop.IsCancellationRequested)
#pragma warning restore CA1031
                {
                    _logger.CollectionFailed(exception);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The store is closing.
        }
    }
}
