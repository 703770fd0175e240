using Microsoft.Extensions.Hosting.Systemd;
using ZeroFtp.Host.Checks;
using ZeroFtp.Host.Configuration;
using ZeroFtp.Host.Logging;
using ZeroFtp.Host.Metrics;
using ZeroFtp.Host.Telemetry;
using ZeroFtp.Host.Transfers;
using ZeroFtp.Protocol.Events;

namespace ZeroFtp.Host.Serving;

/// <summary>Puts the program together and runs it until SIGTERM, SIGINT, or a service manager stops it.</summary>
internal static class Server
{
    /// <summary>What stopping takes beyond the time that running transfers are given.</summary>
    private static readonly TimeSpan StopMargin = TimeSpan.FromSeconds(20);

    public static async Task<int> RunAsync(ConfigurationSources sources, TextWriter output)
    {
        LoadedConfiguration loaded = ConfigurationLoader.Load(sources);
        // The runtime reads the setting when the first socket is created, and the check creates some.
        SocketThreads.Prepare(loaded.Configuration);
        StartCheck.BeforeStart(loaded);
        // the configuration is our own: no appsettings.json, no DOTNET_ variables
        HostApplicationBuilder builder = new(new HostApplicationBuilderSettings { DisableDefaults = true, ApplicationName = "zeroftp" });
        AddServices(builder.Services, sources, loaded, output);
        LogLevelSwitch level = new(loaded.Configuration.LogLevel);
        builder.Services.AddSingleton(level);
        builder.Logging.AddProgramLog(loaded.Configuration.LogFormat, level);
        builder.AddTelemetry(loaded.Configuration);
        if (SystemdNotice.IsWanted)
            builder.Services.AddSingleton<ISystemdNotifier, SystemdNotifier>().AddHostedService<SystemdNotice>();
        builder.Services.AddWindowsService(options => options.ServiceName = "zeroftp");
        using IHost host = builder.Build();
        await host.RunAsync();
        return 0;
    }

    private static void AddServices(IServiceCollection services, ConfigurationSources sources, LoadedConfiguration loaded, TextWriter output)
    {
        HostConfiguration configuration = loaded.Configuration;
        services.Configure<ConsoleLifetimeOptions>(options => options.SuppressStatusMessages = true);
        services.Configure<HostOptions>(options => options.ShutdownTimeout = configuration.Server.Limits.StopGrace + StopMargin);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(sources);
        services.AddSingleton(loaded);
        services.AddSingleton(configuration);
        services.AddSingleton(new ProgramOutput(output));
        services.AddSingleton<StopSignals>();
        services.AddSingleton<Readiness>();
        services.AddSingleton<CertificateHolder>();
        services.AddSingleton<Reloader>();
        services.AddSingleton(provider => new TransferLog(configuration.TransferLog, TimeZoneInfo.Local, provider.GetRequiredService<ILogger<TransferLog>>()));
        services.AddSingleton<IFtpEvents, TransferEvents>();
        // started in this order and stopped in the opposite one, so that probes are answered while the store recovers and while transfers end
        if (configuration.Metrics is { } metrics)
            services.AddHostedService(provider => ActivatorUtilities.CreateInstance<MetricsService>(provider, metrics));
        services.AddHostedService<FtpService>();
        services.AddHostedService<ReloadService>();
    }
}
