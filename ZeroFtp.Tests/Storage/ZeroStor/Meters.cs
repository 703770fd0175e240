using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using ZeroFtp.Storage.Objects.ZeroStor;

namespace ZeroFtp.Tests.Storage.ZeroStor;

/// <summary>Adds up what one store counts.</summary>
internal sealed class Meters : IDisposable
{
    private readonly ConcurrentDictionary<string, long> _sums = new();
    private readonly MeterListener _listener = new();
    private readonly object _meters;

    public Meters(ZeroStorObjectStore store)
    {
        _meters = store.Meter;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, _meters) && instrument is Counter<long>)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => _sums.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value));
        _listener.Start();
    }

    public long this[string name] => _sums.GetValueOrDefault(name);

    public void Dispose() => _listener.Dispose();
}
