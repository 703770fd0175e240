using System.Net;
using System.Text;
using ZeroFtp.Host.Serving;

namespace ZeroFtp.Host.Metrics;

/// <summary>Serves the engine's, the store's and the runtime's meters as Prometheus text, and health for balancers and supervisors, over HTTP on an address of its own.</summary>
internal sealed class MetricsService(IPEndPoint endPoint, Readiness readiness, ProgramOutput output, ILoggerFactory loggers) : IHostedService, IAsyncDisposable
{
    private const int MaxConnections = 64;

    // from the construction on, which is before the server's, so that no session is missed
    private readonly MeterCollector _meters = new(meter => meter is "System.Runtime" || meter.StartsWith("ZeroFtp", StringComparison.Ordinal));
    private WebApplication? _application;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers);
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 0;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            ConnectionTurnover turnover = new(MaxConnections);
            kestrel.Listen(endPoint, listen => listen.Use(next => connection => turnover.RunAsync(connection, next)));
        });
        WebApplication application = builder.Build();
        application.MapGet("/metrics", () => Results.Text(_meters.Collect(), "text/plain; version=0.0.4", Encoding.UTF8));
        application.MapGet("/health/live", () => "live\n");
        application.MapGet("/health/ready", async (CancellationToken aborted) =>
            await readiness.IsReadyAsync(aborted) ? Results.Text("ready\n") : Results.Text("not ready\n", statusCode: StatusCodes.Status503ServiceUnavailable));
        await application.StartAsync(cancellationToken);
        _application = application;
        output.Writer.WriteLine($"metrics on {application.Urls.First()}/metrics");
        output.Writer.Flush();
    }

    public Task StopAsync(CancellationToken cancellationToken) => _application?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _meters.Dispose();
        if (_application is not null)
            await _application.DisposeAsync();
    }
}
