using Microsoft.Extensions.Logging;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Content;
using ZeroFtp.Storage.Metadata;

namespace ZeroFtp.Storage.Maintenance;

/// <summary>
/// Scrubs in the background, one pass per interval, made by one of all front-ends. After a failed pass the turn is returned, so that any of them can soon try
/// again.
/// </summary>
internal sealed partial class ScrubLoop : IAsyncDisposable
{
    private const string Job = "scrub";
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    private readonly CancellationTokenSource _stop = new();
    private readonly StorageContext _context;
    private readonly Scrubber _scrubber;
    private readonly ILogger _logger;
    private readonly Task _task;

    public ScrubLoop(StorageContext context, ILoggerFactory? loggerFactory)
    {
        _context = context;
        _logger = context.Logger;
        _scrubber = new Scrubber(context.Objects, context.Metadata, new ScrubOptions { BytesPerSecond = context.Options.ScrubBytesPerSecond }, context.TimeProvider, loggerFactory, context.Findings);
        _task = Task.Run(RunAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _task.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        TimeSpan interval = _context.Options.ScrubInterval;
        using PeriodicTimer timer = new(interval / 8 < LongestWait ? interval / 8 : LongestWait, _context.TimeProvider);
        try
        {
            do
                await TryAsync(interval).ConfigureAwait(false);
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // The store is closing.
        }
    }

    private async ValueTask TryAsync(TimeSpan interval)
    {
        try
        {
            if (!await _context.Metadata.TakeTurnAsync(Job, interval, _stop.Token).ConfigureAwait(false))
                return;
            await PassAsync().ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever the failure, the next turn must run.
        catch (Exception failure) when (failure is not OperationCanceledException || !_stop.IsCancellationRequested)
#pragma warning restore CA1031
        {
            LogGaveUp(failure.Message);
        }
    }

    private async ValueTask PassAsync()
    {
        try
        {
            CheckReport report = await _scrubber.RunAsync(progress: null, _stop.Token).ConfigureAwait(false);
            LogPassed(report.ObjectsChecked, report.FindingCount, report.RepairedCount);
        }
        catch
        {
            await ReturnAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async ValueTask ReturnAsync()
    {
        try
        {
            await _context.Metadata.ReturnTurnAsync(Job, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is MetadataException or FtpDriverException)
        {
            // The next pass is then an interval from now.
            LogGaveUp(failure.Message);
        }
    }

    [LoggerMessage(3253, LogLevel.Information, "Scrubbing has checked {Objects} objects, found {Findings} and repaired {Repaired} of them")]
    private partial void LogPassed(long objects, long findings, long repaired);

    [LoggerMessage(3254, LogLevel.Error, "Scrubbing gave up: {Reason}")]
    private partial void LogGaveUp(string reason);
}
