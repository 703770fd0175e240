using Microsoft.Extensions.Hosting.Systemd;

namespace ZeroFtp.Host.Serving;

/// <summary>
/// Tells systemd when clients are served and when the program stops (sd_notify(3)). The library that speaks the protocol would do so by itself only under a parent whose name it can read, and a unit with <c>ProtectProc=invisible</c>
/// hides that: <c>systemctl start</c> then never ends.
/// </summary>
internal sealed class SystemdNotice(ISystemdNotifier systemd, IHostApplicationLifetime lifetime) : IHostedService
{
    /// <summary>Whether somebody waits to be told.</summary>
    public static bool IsWanted => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NOTIFY_SOCKET"));

    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(() => systemd.Notify(ServiceState.Ready));
        lifetime.ApplicationStopping.Register(() => systemd.Notify(ServiceState.Stopping));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
