using Microsoft.Extensions.Logging;
using ZeroFtp.Storage.Diagnostics;

namespace ZeroFtp.Storage.Metadata.Postgres;

/// <summary>
/// Holds back commands while the database refuses connections. The first attempt whose connection fails closes the gate. From then on a single prober asks the
/// database at a fixed pace, while every command waits here for at most the rest of its own time. A thousand waiting commands make no more attempts than one.
/// </summary>
/// <remarks>
/// The first probe is sent at once, so that a single broken connection costs the others one round trip. An error that only the command itself can report, such
/// as a wrong password, opens the gate.
/// </remarks>
internal sealed class DatabaseGate(Func<CancellationToken, ValueTask> probe, TimeSpan pace, TimeProvider clock, ILogger logger) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stop = new();
    private TaskCompletionSource? _closed;
    private Task _prober = Task.CompletedTask;
    private Exception? _fault;

    /// <summary>True while attempts are held back.</summary>
    public bool IsClosed => Volatile.Read(ref _closed) is not null;

    /// <summary>Waits until the database answers.</summary>
    /// <exception cref="MetadataException">Unavailable: the unit's time is over.</exception>
    public async ValueTask PassAsync(UnitAttempt attempt, CancellationToken cancellationToken)
    {
        while (Volatile.Read(ref _closed) is { } closed)
        {
            try
            {
                await closed.Task.WaitAsync(attempt.Remaining, clock, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                throw SqlStates.Translate(_fault ?? new TimeoutException("it refuses connections."));
            }
        }
    }

    /// <summary>Closes the gate after a failed connection. The prober opens it again.</summary>
    public void Close(Exception fault)
    {
        lock (_lock)
        {
            _fault = fault;
            if (_closed is not null || _stop.IsCancellationRequested)
                return;
            _closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _prober = Task.Run(ProbeAsync);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _prober.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task ProbeAsync()
    {
        bool isLogged = false;
        long began = clock.GetTimestamp();
        try
        {
            while (!await AnswersAsync().ConfigureAwait(false))
            {
                if (!isLogged)
                    logger.DatabaseAway(_fault!.Message);
                isLogged = true;
                await Task.Delay(pace, clock, _stop.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The store is closing. Waiting commands find that out themselves.
        }
        if (isLogged)
            logger.DatabaseBack((long)clock.GetElapsedTime(began).TotalMilliseconds);
        lock (_lock)
        {
            _closed!.SetResult();
            _closed = null;
        }
    }

    private async ValueTask<bool> AnswersAsync()
    {
        try
        {
            await probe(_stop.Token).ConfigureAwait(false);
            return true;
        }
#pragma warning disable CA1031 // The next command reports any other error.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            _stop.Token.ThrowIfCancellationRequested();
            if (SqlStates.Classify(fault, false) == FaultKind.Final)
                return true;
            _fault = fault;
            return false;
        }
    }
}
