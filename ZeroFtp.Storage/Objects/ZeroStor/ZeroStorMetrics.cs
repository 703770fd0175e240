using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ZeroFtp.Storage.Objects.ZeroStor;

/// <summary>The store's metrics. Each store has its own meter, all under the same name, so that disposing a store removes only its own instruments.</summary>
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
        _calls = _meter.CreateCounter<long>("zerostor.calls", description: "Calls to daemons, by daemon, method and outcome.");
        _duration = _meter.CreateHistogram<double>("zerostor.call.duration", "s", "Duration of calls to daemons.");
        _retries = _meter.CreateCounter<long>("zerostor.retries", description: "Retried calls, by method.");
        _hedges = _meter.CreateCounter<long>("zerostor.hedges", description: "Reads that were also sent to a second daemon.");
        _opened = _meter.CreateCounter<long>("zerostor.daemon.opened", description: "How often the circuit of a daemon opened.");
        _corrupt = _meter.CreateCounter<long>("zerostor.corrupt", description: "Reads with wrong content.");
        _repaired = _meter.CreateCounter<long>("zerostor.repaired", description: "Objects that were repaired.");
        _notRepaired = _meter.CreateCounter<long>("zerostor.not_repaired", description: "Repairs that failed.");
        _orphans = _meter.CreateCounter<long>("zerostor.orphans",
            description: "Writes that failed or got no answer; each may have left parts that nothing refers to.");
        _orphanBytes = _meter.CreateCounter<long>("zerostor.orphans.bytes", "By", "Content of those writes; the shards hold at most that plus its redundancy.");
        _leftParts = _meter.CreateCounter<long>("zerostor.parts.left",
            description: "Parts that a deletion left because too few parts of the object were available to prove that they belong to it.");
        _foreignParts = _meter.CreateCounter<long>("zerostor.parts.foreign",
            description: "Parts that a deletion left because their keys now belong to other objects.");
        _written = _meter.CreateCounter<long>("zerostor.written", "By", "Bytes stored.");
        _read = _meter.CreateCounter<long>("zerostor.read", "By", "Bytes read.");
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

    public void Written(long bytes) => _written.Add(bytes);

    public void Read(long bytes) => _read.Add(bytes);

    public void Dispose() => _meter.Dispose();
}
