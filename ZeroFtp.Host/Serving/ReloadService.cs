using System.Runtime.InteropServices;
using ZeroFtp.Host.Certificates;
using ZeroFtp.Host.Configuration;

namespace ZeroFtp.Host.Serving;

/// <summary>Reloads on SIGHUP and when the configuration file changes. The file is polled, which works on every file system and through symbolic links.</summary>
internal sealed class ReloadService : BackgroundService
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ExpiryInterval = TimeSpan.FromDays(1);

    private readonly ConfigurationSources _sources;
    private readonly Reloader _reloader;
    private readonly CertificateHolder _certificates;
    private readonly TimeProvider _time;
    private readonly PosixSignalRegistration? _hangUp;
    private readonly Lock _stampLock = new();
    private (DateTime, long) _stamp;

    public ReloadService(ConfigurationSources sources, Reloader reloader, CertificateHolder certificates, TimeProvider time)
    {
        (_sources, _reloader, _certificates, _time) = (sources, reloader, certificates, time);
        TakeStamp();
        // Here, before any service starts: a signal that nobody waits for ends the process, and it may come as soon as the program says that it listens.
        _hangUp = OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnHangUp);
    }

    public override void Dispose()
    {
        _hangUp?.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(LookInterval, _time);
        DateTimeOffset expiryTold = default;
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (_time.GetUtcNow() - expiryTold >= ExpiryInterval)
            {
                expiryTold = _time.GetUtcNow();
                await _certificates.RecheckAsync(stoppingToken);
            }
            if (TakeStamp())
                await BoundedRead.Start(() => _reloader.Reload($"{_sources.FileInUse ?? ConfigurationSources.DefaultFile} changed")).WaitAsync(stoppingToken);
        }
    }

    private void OnHangUp(PosixSignalContext signal)
    {
        signal.Cancel = true;
        // The change is read now: the next poll must not reload again.
        TakeStamp();
        _reloader.Reload("SIGHUP");
    }

    /// <summary>Whether the file is another than at the last call.</summary>
    private bool TakeStamp()
    {
        lock (_stampLock)
        {
            (DateTime, long) now = Stamp();
            bool isNew = now != _stamp;
            _stamp = now;
            return isNew;
        }
    }

    private (DateTime, long) Stamp()
    {
        try
        {
            return _sources.FileInUse is { } path && new FileInfo(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path) is { Exists: true } file
                ? (file.LastWriteTimeUtc, file.Length)
                : default;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return default;
        }
    }
}
