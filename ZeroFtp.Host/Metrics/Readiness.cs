using System.Diagnostics.Metrics;

namespace ZeroFtp.Host.Metrics;

/// <summary>Whether new sessions are served: between the end of the start and the beginning of the stop, as long as the store answers.</summary>
internal sealed class Readiness : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly Meter _meter = new("ZeroFtp.Host");
    private volatile Func<CancellationToken, ValueTask>? _probe;

    /// <summary>Sessions are served from now on.</summary>
    /// <param name="probe">Fails if the store does not answer.</param>
    /// <param name="availableBytes">How much can still be stored; null if nobody can tell.</param>
    public void Open(Func<CancellationToken, ValueTask> probe, Func<long>? availableBytes)
    {
        _probe = probe;
        if (availableBytes is null)
            return;
        _meter.CreateObservableGauge("zeroftp.storage.available", () => _probe is null ? 0 : availableBytes(), "By", "How much can be stored before the floor of free space is reached.");
    }

    public void Close() => _probe = null;

    public async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        if (_probe is not { } probe)
            return false;
        try
        {
            await probe(cancellationToken).AsTask().WaitAsync(Patience, cancellationToken);
            return true;
        }
        catch (Exception e) when (e is IOException or TimeoutException)
        {
            return false;
        }
    }

    public void Dispose() => _meter.Dispose();
}
