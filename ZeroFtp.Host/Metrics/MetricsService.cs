using System.Net;
using Prometheus;
using ZeroFtp.Host.Serving;

namespace ZeroFtp.Host.Metrics;

/// <summary>Serves the engine's, the store's and the runtime's meters as Prometheus text, and health for balancers and supervisors, over HTTP on an address of its own.</summary>
internal sealed class MetricsService(IPEndPoint endPoint, Readiness readiness, ProgramOutput output, ILoggerFactory loggers) : IHostedService, IAsyncDisposable
{
    private readonly CollectorRegistry _registry = Prometheus.Metrics.NewCustomRegistry();
    private WebApplication? _application;
    private IDisposable? _meters;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _meters = MeterAdapter.StartListening(new MeterAdapterOptions
        {
            Registry = _registry,
            InstrumentFilterPredicate = instrument => instrument.Meter.Name is "System.Runtime" || instrument.Meter.Name.StartsWith("ZeroFtp", StringComparison.Ordinal),
        });
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers);
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = 64;
            kestrel.Limits.MaxRequestBodySize = 0;
            kestrel.Listen(endPoint);
        });
        WebApplication application = builder.Build();
        application.MapMetrics("/metrics", _registry);
        application.MapGet("/health/live", () => "live\n");
        application.MapGet("/health/ready", (HttpContext context) =>
        {
            context.Response.StatusCode = readiness.IsReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
            return readiness.IsReady ? "ready\n" : "not ready\n";
        });
        await application.StartAsync(cancellationToken);
        _application = application;
        output.Writer.WriteLine($"metrics on {application.Urls.First()}/metrics");
        output.Writer.Flush();
    }

    public Task StopAsync(CancellationToken cancellationToken) => _application?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _meters?.Dispose();
        if (_application is not null)
            await _application.DisposeAsync();
    }
}
