using System.Diagnostics.CodeAnalysis;
using ZeroFtp.Host.Telemetry;

namespace ZeroFtp.Host.Configuration;

/// <summary>The keys of the export by OpenTelemetry.</summary>
internal static class TelemetryBinder
{
    public static TelemetrySettings Bind(ConfigurationReader reader)
    {
        TelemetrySettings defaults = new();
        TelemetrySettings settings = new()
        {
            Endpoint = reader.Value<Uri?>(
                "telemetry:endpoint", null, TryUrl, url => url?.OriginalString ?? "",
                    "The OTLP receiver for metrics, traces and logs, such as http://localhost:4317; empty: nothing is exported."),
            Protocol = reader.Choice("telemetry:protocol", defaults.Protocol,
                "The protocol of telemetry:endpoint: grpc (usually port 4317) or http (protobuf, usually port 4318)."),
            Headers = reader.OptionalText("telemetry:headers",
                "Headers of each export, KEY=VALUE with commas, such as a token of the receiver.", KeyTraits.Secret),
            Signals = reader.List("telemetry:signals", defaults.Signals, ValueParsers.TryChoice, ValueParsers.ChoiceName,
                "What is exported to telemetry:endpoint: metrics, traces, logs."),
            MetricsInterval = reader.Time("telemetry:metricsInterval", defaults.MetricsInterval,
                "How often metrics are exported to telemetry:endpoint; 1s to 1h."),
        };
        if (settings.MetricsInterval < TimeSpan.FromSeconds(1) || settings.MetricsInterval > TimeSpan.FromHours(1))
            reader.Fault("telemetry:metricsInterval", "must be between 1s and 1h");
        return settings;
    }

    private static bool TryUrl(string text, [MaybeNullWhen(false)] out Uri? value, [NotNullWhen(false)] out string? expected)
    {
        value = null;
        bool isRight = text.Length == 0 || Uri.TryCreate(text, UriKind.Absolute, out value) && value.Scheme is "http" or "https";
        expected = isRight ? null : "a URL such as http://localhost:4317";
        return isRight;
    }
}
