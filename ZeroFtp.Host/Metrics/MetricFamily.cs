using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace ZeroFtp.Host.Metrics;

/// <summary>One instrument: its series by their labels. The number of series is bounded, so that labels which clients influence cannot grow memory.</summary>
internal sealed class MetricFamily
{
    private const int MaxSeries = 1000;
    private const int LabelBuffer = 512;

    private readonly ConcurrentDictionary<string, MetricSeries> _series = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, MetricSeries>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly Func<MetricSeries> _create;
    private readonly string _help;
    private readonly string _type;

    private MetricFamily(Instrument instrument, string type, Func<MetricSeries> create)
    {
        Name = PrometheusText.MetricName(instrument.Name, instrument.Unit, type == "counter");
        _help = PrometheusText.Help(instrument.Description ?? instrument.Name);
        _type = type;
        _create = create;
        _lookup = _series.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public string Name { get; }

    public static MetricFamily Create(Instrument instrument)
    {
        string kind = instrument.GetType().Name;
        if (kind.StartsWith("Histogram", StringComparison.Ordinal))
        {
            double[] bounds = HistogramBounds.Of(instrument);
            return new MetricFamily(instrument, "histogram", () => new HistogramSeries(bounds));
        }
        bool isCounter = kind.StartsWith("Counter", StringComparison.Ordinal) || kind.StartsWith("ObservableCounter", StringComparison.Ordinal);
        // observable instruments tell their value, the others what is to be added to it; a gauge is told its value too
        bool isSum = kind.StartsWith("Counter", StringComparison.Ordinal) || kind.StartsWith("UpDownCounter", StringComparison.Ordinal);
        return new MetricFamily(instrument, isCounter ? "counter" : "gauge", isSum ? () => new SumSeries() : () => new ValueSeries());
    }

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        Span<char> buffer = stackalloc char[LabelBuffer];
        ReadOnlySpan<char> labels = PrometheusText.TryWriteLabels(tags, buffer, out int length) ? buffer[..length] : PrometheusText.Labels(tags);
        if (!_lookup.TryGetValue(labels, out MetricSeries? series))
        {
            if (_series.Count >= MaxSeries)
                return;
            series = _series.GetOrAdd(labels.ToString(), _ => _create());
        }
        series.Record(value);
    }

    public void Write(TextWriter writer)
    {
        if (_series.IsEmpty)
            return;
        writer.WriteLine($"# HELP {Name} {_help}");
        writer.WriteLine($"# TYPE {Name} {_type}");
        foreach ((string labels, MetricSeries series) in _series.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            series.Write(writer, Name, labels);
    }
}
