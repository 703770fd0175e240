using System.Runtime.InteropServices;
using ZeroFtp.Host.Configuration;

namespace ZeroFtp.Host.Serving;

/// <summary>Reloads on SIGHUP and when the configuration file changes. The file is looked at rather than watched, which works on every file system and through symbolic links.</summary>
internal sealed class ReloadService(ConfigurationSources sources, Reloader reloader, CertificateHolder certificates, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ExpiryInterval = TimeSpan.FromDays(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PosixSignalRegistration? hangUp = OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnHangUp);
        using PeriodicTimer timer = new(LookInterval, time);
        (DateTime, long) stamp = Stamp();
        DateTimeOffset expiryTold = default;
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (time.GetUtcNow() - expiryTold >= ExpiryInterval)
            {
                expiryTold = time.GetUtcNow();
                certificates.Recheck();
            }
            (DateTime, long) now = Stamp();
            if (now == stamp)
                continue;
            stamp = now;
            reloader.Reload($"{sources.FileInUse ?? ConfigurationSources.DefaultFile} changed");
        }
    }

    private void OnHangUp(PosixSignalContext signal)
    {
        signal.Cancel = true;
        reloader.Reload("SIGHUP");
    }

    private (DateTime, long) Stamp()
    {
        try
        {
            return sources.FileInUse is { } path && new FileInfo(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path) is { Exists: true } file
                ? (file.LastWriteTimeUtc, file.Length)
                : default;
        }
        catch (IOException)
        {
            return default;
        }
    }
}
