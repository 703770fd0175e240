using System.Net;
using OpenTelemetry.Metrics;
using ZeroFtp.Host.Serving;

namespace ZeroFtp.Host.Metrics;

/// <summary>Serves the meters of the engine, the store and the runtime as Prometheus text, and health for balancers and supervisors, over HTTP on an address of its own.</summary>
internal sealed class MetricsService(IPEndPoint endPoint, Readiness readiness, ProgramOutput output, ILoggerFactory loggers) : IHostedService, IAsyncDisposable
{
    private const int MaxConnections = 64;

    // Created before the server starts, so that no session is missed.
    private readonly MeterProvider _meters = PrometheusMeters.Create();
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
        application.MapPrometheusScrapingEndpoint("/metrics", _meters, configureBranchedPipeline: null, optionsName: null);
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
        if (_application is not null)
            await _application.DisposeAsync();
        _meters.Dispose();
    }
}
