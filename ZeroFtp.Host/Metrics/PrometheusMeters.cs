using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using ZeroFtp.Host.Telemetry;

namespace ZeroFtp.Host.Metrics;

/// <summary>Collects the meters for the Prometheus endpoint. It is apart from the export by OTLP, which keeps the names of the semantic conventions.</summary>
internal static class PrometheusMeters
{
    private const string Count = ".count";

    public static MeterProvider Create() => Sdk.CreateMeterProviderBuilder().AddProgramMeters(NameOf).AddPrometheusExporter(Expose).Build();

    private static void Expose(PrometheusAspNetCoreOptions options)
    {
        options.ScopeInfoEnabled = false;
        options.TargetInfoEnabled = false;
        // Each scrape reads the present values; the number of connections bounds the work.
        options.ScrapeResponseCacheDurationMilliseconds = 0;
    }

    /// <summary>In Prometheus the suffix <c>_count</c> belongs to histograms, so the runtime's <c>dotnet.timer.count</c> becomes <c>dotnet_timers</c>.</summary>
    private static string? NameOf(Instrument instrument) => instrument.Name.EndsWith(Count, StringComparison.Ordinal)
        ? instrument.Name[..^Count.Length] switch
        {
            "dotnet.assembly" => "dotnet.assemblies",
            string name => name + "s",
        }
        : null;
}
