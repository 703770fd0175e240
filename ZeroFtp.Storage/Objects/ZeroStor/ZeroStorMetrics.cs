using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ZeroFtp.Storage.Objects.ZeroStor;

/// <summary>What the store counts. Each store has a meter of its own of one name, so that stores of one process are told apart by their disposal only.</summary>
internal sealed class ZeroStorMetrics : IDisposable
{
    public const string MeterName = "ZeroFtp.ZeroStor";

    public Meter Meter => _meter;

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _calls;
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _hedges;
    private readonly Counter<long> _opened;
    private readonly Counter<long> _corrupt;
    private readonly Counter<long> _repaired;
    private readonly Counter<long> _notRepaired;
    private readonly Counter<long> _orphans;
    private readonly Counter<long> _orphanBytes;
    private readonly Counter<long> _leftParts;
    private readonly Counter<long> _foreignParts;
    private readonly Counter<long> _written;
    private readonly Counter<long> _read;

    public ZeroStorMetrics()
    {
        _calls = _meter.CreateCounter<long>("zerostor.calls", description: "Calls of daemons, by daemon, method and outcome.");
        _duration = _meter.CreateHistogram<double>("zerostor.call.duration", "s", "How long calls of daemons take.");
        _retries = _meter.CreateCounter<long>("zerostor.retries", description: "Calls that were tried again, by method.");
        _hedges = _meter.CreateCounter<long>("zerostor.hedges", description: "Reads that were also sent to a second daemon.");
        _opened = _meter.CreateCounter<long>("zerostor.daemon.opened", description: "How often a failing daemon was left alone.");
        _corrupt = _meter.CreateCounter<long>("zerostor.corrupt", description: "Reads whose octets were wrong.");
        _repaired = _meter.CreateCounter<long>("zerostor.repaired", description: "Objects that were repaired.");
        _notRepaired = _meter.CreateCounter<long>("zerostor.not_repaired", description: "Repairs that failed.");
        _orphans = _meter.CreateCounter<long>("zerostor.orphans", description: "Writes that failed or whose answer was lost; each may have left parts that nothing refers to.");
        _orphanBytes = _meter.CreateCounter<long>("zerostor.orphans.bytes", "By", "Content of those writes; what the shards hold of it is that and its redundancy at the most.");
        _leftParts = _meter.CreateCounter<long>("zerostor.parts.left", description: "Parts that a deletion left, because too few of their object were there to prove whose they are.");
        _foreignParts = _meter.CreateCounter<long>("zerostor.parts.foreign", description: "Parts that a deletion left, because their keys belong to other objects now.");
        _written = _meter.CreateCounter<long>("zerostor.written", "By", "Octets stored.");
        _read = _meter.CreateCounter<long>("zerostor.read", "By", "Octets read.");
    }

    public void Observe(string name, string unit, string description, Func<long> value) => _meter.CreateObservableGauge(name, value, unit, description);

    public void Called(string daemon, string method, string outcome, TimeSpan took)
    {
        TagList tags = new() { { "daemon", daemon }, { "method", method }, { "outcome", outcome } };
        _calls.Add(1, tags);
        _duration.Record(took.TotalSeconds, tags);
    }

    public void Retried(string method) => _retries.Add(1, new KeyValuePair<string, object?>("method", method));

    public void Hedged() => _hedges.Add(1);

    public void Opened(string daemon) => _opened.Add(1, new KeyValuePair<string, object?>("daemon", daemon));

    public void Corrupt() => _corrupt.Add(1);

    public void Repaired() => _repaired.Add(1);

    public void NotRepaired() => _notRepaired.Add(1);

    public void Orphan(long bytes)
    {
        _orphans.Add(1);
        _orphanBytes.Add(bytes);
    }

    public void PartsLeft(long parts) => _leftParts.Add(parts);

    public void PartsForeign(long parts) => _foreignParts.Add(parts);

    public void Written(long octets) => _written.Add(octets);

    public void Read(long octets) => _read.Add(octets);

    public void Dispose() => _meter.Dispose();
}
