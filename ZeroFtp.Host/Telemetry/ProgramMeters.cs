using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;

namespace ZeroFtp.Host.Telemetry;

/// <summary>The meters that the program measures, the same for every exporter.</summary>
internal static class ProgramMeters
{
    /// <summary>Series of one metric, so that labels that clients influence cannot grow memory. Measurements beyond it are summed up under <c>otel_metric_overflow</c>.</summary>
    public const int MaxSeries = 1000;

    private static readonly double[] Seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800];

    /// <param name="metrics">Where to add them.</param>
    /// <param name="rename">Gives an instrument another name, or null to keep its own.</param>
    public static MeterProviderBuilder AddProgramMeters(this MeterProviderBuilder metrics, Func<Instrument, string?>? rename = null) =>
        metrics.AddMeter("ZeroFtp*", "System.Runtime").AddView(instrument => ViewOf(instrument, rename?.Invoke(instrument)));

    private static MetricStreamConfiguration ViewOf(Instrument instrument, string? name)
    {
        // The default bounds are made for milliseconds.
        MetricStreamConfiguration view = instrument is Histogram<double> { Unit: "s", Advice: null }
            ? new ExplicitBucketHistogramConfiguration { Boundaries = Seconds }
            : new MetricStreamConfiguration();
        view.CardinalityLimit = MaxSeries;
        if (name is not null)
            view.Name = name;
        return view;
    }
}
