using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using ZeroFtp.Host.Configuration;
using ZeroFtp.Host.Serving;

namespace ZeroFtp.Host.Telemetry;

/// <summary>Exports metrics, traces and logs by OTLP where <c>telemetry:endpoint</c> says so.</summary>
internal static class TelemetrySetup
{
    private const string OurSources = "ZeroFtp*";

    public static void AddTelemetry(this IHostApplicationBuilder builder, HostConfiguration configuration)
    {
        TelemetrySettings settings = configuration.Telemetry;
        if (settings.Endpoint is null)
            return;
        string instance = configuration.Distributed?.Metadata.FrontEndName ?? Environment.MachineName;
        OpenTelemetryBuilder telemetry = builder.Services.AddOpenTelemetry().ConfigureResource(resource => Describe(resource, instance));
        if (settings.Exports(TelemetrySignal.Metrics))
        {
            telemetry.WithMetrics(metrics => metrics.AddProgramMeters().AddOtlpExporter((exporter, reader) =>
            {
                Send(exporter, settings, "v1/metrics");
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)settings.MetricsInterval.TotalMilliseconds;
            }));
        }
        if (settings.Exports(TelemetrySignal.Traces))
            telemetry.WithTracing(traces => traces.AddSource(OurSources, "Npgsql").AddOtlpExporter(exporter => Send(exporter, settings, "v1/traces")));
        if (settings.Exports(TelemetrySignal.Logs))
        {
            telemetry.WithLogging(
                logs => logs.AddOtlpExporter(exporter => Send(exporter, settings, "v1/logs")),
                options => options.IncludeFormattedMessage = true);
        }
    }

    private static void Describe(ResourceBuilder resource, string instance) =>
        resource.AddService("zeroftp", serviceVersion: ProgramVersion.Text, autoGenerateServiceInstanceId: false, serviceInstanceId: instance);

    private static void Send(OtlpExporterOptions exporter, TelemetrySettings settings, string path)
    {
        bool isHttp = settings.Protocol == TelemetryProtocol.Http;
        exporter.Protocol = isHttp ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        exporter.Endpoint = isHttp ? new Uri(settings.Endpoint!.AbsoluteUri.TrimEnd('/') + "/" + path) : settings.Endpoint!;
        exporter.Headers = settings.Headers;
    }
}
