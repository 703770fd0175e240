using System.Diagnostics.Metrics;
using ZeroFtp.Host.Metrics;

namespace ZeroFtp.Tests.Host.Metrics;

public sealed class MeterCollectorTests : IDisposable
{
    private readonly Meter _meter = new($"ZeroFtp.Tests.{Guid.NewGuid()}");
    private readonly MeterCollector _collector;

    public MeterCollectorTests() => _collector = new MeterCollector(name => name == _meter.Name);

    public void Dispose()
    {
        _collector.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public void Counters_add_up_by_their_labels()
    {
        Counter<long> counter = _meter.CreateCounter<long>("zeroftp.transfer.bytes", "By", "Octets.");
        Parallel.For(0, 1000, _ => counter.Add(2, new KeyValuePair<string, object?>("direction", "sent")));
        counter.Add(5, new KeyValuePair<string, object?>("direction", "received"), new KeyValuePair<string, object?>("code", 226));

        Assert.Equal(
            """
            # HELP zeroftp_transfer_bytes_total Octets.
            # TYPE zeroftp_transfer_bytes_total counter
            zeroftp_transfer_bytes_total{direction="received",code="226"} 5
            zeroftp_transfer_bytes_total{direction="sent"} 2000

            """,
            _collector.Collect());
    }

    [Fact]
    public void What_goes_up_and_down_is_a_gauge_and_what_is_observed_is_taken_as_it_is()
    {
        UpDownCounter<int> sessions = _meter.CreateUpDownCounter<int>("sessions");
        sessions.Add(3);
        sessions.Add(-1);
        double observed = 1.5;
        _meter.CreateObservableGauge("temperature", () => observed);
        _meter.CreateObservableCounter("work", () => (long)observed);
        _collector.Collect();
        observed = 7;

        string text = _collector.Collect();

        Assert.Contains("# TYPE sessions gauge\nsessions 2\n", text, StringComparison.Ordinal);
        Assert.Contains("# TYPE temperature gauge\ntemperature 7\n", text, StringComparison.Ordinal);
        Assert.Contains("# TYPE work_total counter\nwork_total 7\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Histograms_are_cumulative()
    {
        InstrumentAdvice<double> advice = new() { HistogramBucketBoundaries = [0.1, 1] };
        Histogram<double> histogram = _meter.CreateHistogram("took", "s", "Time.", null, advice);
        foreach (double value in new[] { 0.05, 0.1, 0.5, 7 })
            histogram.Record(value, new KeyValuePair<string, object?>("verb", "RETR"));

        Assert.Equal(
            """
            # HELP took_seconds Time.
            # TYPE took_seconds histogram
            took_seconds_bucket{verb="RETR",le="0.1"} 2
            took_seconds_bucket{verb="RETR",le="1"} 3
            took_seconds_bucket{verb="RETR",le="+Inf"} 4
            took_seconds_sum{verb="RETR"} 7.65
            took_seconds_count{verb="RETR"} 4

            """,
            _collector.Collect());
    }

    [Fact]
    public void Labels_cannot_break_the_format_and_their_number_is_bounded()
    {
        Counter<int> counter = _meter.CreateCounter<int>("odd");
        counter.Add(1, new KeyValuePair<string, object?>("a.b", "x\"y\\z\nw"));
        counter.Add(1, new KeyValuePair<string, object?>("long", new string('l', 2000)));
        Assert.Contains("odd_total{a_b=\"x\\\"y\\\\z\\nw\"} 1\n", _collector.Collect(), StringComparison.Ordinal);
        Assert.Contains(new string('l', 2000), _collector.Collect(), StringComparison.Ordinal);

        for (int number = 0; number < 5000; number++)
            counter.Add(1, new KeyValuePair<string, object?>("number", number));

        Assert.Equal(1000, _collector.Collect().Split('\n').Count(line => line.StartsWith("odd_total{", StringComparison.Ordinal)));
    }
}
