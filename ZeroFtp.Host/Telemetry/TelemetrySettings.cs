namespace ZeroFtp.Host.Telemetry;

/// <summary>Where measurements, traces and logs are exported to, apart from the log on standard error.</summary>
internal sealed record TelemetrySettings
{
    /// <summary>The OTLP receiver; null exports nothing.</summary>
    public Uri? Endpoint { get; init; }

    public TelemetryProtocol Protocol { get; init; }

    /// <summary>Headers of each request, KEY=VALUE with commas, such as a token; null sends none.</summary>
    public string? Headers { get; init; }

    public IReadOnlyList<TelemetrySignal> Signals { get; init; } = Enum.GetValues<TelemetrySignal>();

    /// <summary>How often metrics are exported.</summary>
    public TimeSpan MetricsInterval { get; init; } = TimeSpan.FromSeconds(60);

    public bool Exports(TelemetrySignal signal) => Endpoint is not null && Signals.Contains(signal);
}

internal enum TelemetryProtocol
{
    Grpc,
    Http,
}

internal enum TelemetrySignal
{
    Metrics,
    Traces,
    Logs,
}
