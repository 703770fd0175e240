using System.Net.Security;

namespace ZeroFtp.Host.Certificates;

/// <summary>
/// The certificate of one name through its versions. Asking for it looks at the files again, at most once in <see cref="CheckInterval"/>; a version that cannot be read leaves the one before in use.
/// </summary>
/// <remarks>
/// Files are read on a thread of their own. One that does not answer (a network file system that hangs) keeps that thread and delays the handshakes that wait for it once, by <see cref="Patience"/>;
/// the version in use serves until the read ends.
/// </remarks>
internal sealed class CertificateSlot(CertificateFiles files, Func<bool>? renew, Func<LoadedCertificate, SslServerAuthenticationOptions> toOptions, TimeProvider time, ILogger logger)
{
    public static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(1);

    /// <summary>How long a handshake waits for files that are being looked at.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan RenewInterval = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private volatile LoadedCertificate? _loaded;
    private volatile SslServerAuthenticationOptions? _options;
    private Task? _check;
    private bool _isLate;
    private CertificateStamp _failed;
    private long _checkedAt;
    private long _renewedAt;

    public LoadedCertificate? Loaded => _loaded;

    /// <summary>Loads the first version.</summary>
    /// <exception cref="CertificateException">It cannot be used, or its files do not answer.</exception>
    public void Open() => BoundedRead.Run(
        () =>
        {
            renew?.Invoke();
            _renewedAt = _checkedAt = time.GetTimestamp();
            Take(CertificateLoader.Load(files));
        },
        $"the certificate {files}");

    public async ValueTask<SslServerAuthenticationOptions?> CurrentAsync(CancellationToken cancellationToken)
    {
        if (BeginCheck(isDue: false) is { } check)
            await WaitAsync(check, cancellationToken);
        return _options;
    }

    /// <summary>Looks at the files at once, as a reload asks for.</summary>
    public async ValueTask RecheckAsync(CancellationToken cancellationToken)
    {
        if (BeginCheck(isDue: true) is { } check)
            await WaitAsync(check, cancellationToken);
    }

    /// <returns>The look at the files that is worth waiting for; null if none is due, or if the one that runs is late already.</returns>
    private Task? BeginCheck(bool isDue)
    {
        lock (_lock)
        {
            if (_check is { IsCompleted: false })
                return _isLate ? null : _check;
            if (!isDue && time.GetElapsedTime(_checkedAt) < CheckInterval)
                return null;
            _checkedAt = time.GetTimestamp();
            _isLate = false;
            return _check = BoundedRead.Start(Check);
        }
    }

    private async ValueTask WaitAsync(Task check, CancellationToken cancellationToken)
    {
        try
        {
            await check.WaitAsync(Patience, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            bool isFirst;
            lock (_lock)
                (isFirst, _isLate) = (!_isLate, true);
            if (isFirst)
                logger.CertificateNotReloaded($"the certificate {files} does not answer");
        }
    }

    private void Check()
    {
        CertificateStamp stamp = default;
        try
        {
            if (renew is not null && time.GetElapsedTime(_renewedAt) >= RenewInterval)
            {
                _renewedAt = time.GetTimestamp();
                renew();
            }
            stamp = files.ReadStamp();
            if (stamp == _loaded?.Stamp)
                return;
            Take(CertificateLoader.Load(files));
            logger.CertificateReloaded(files.Certificate, _loaded!.ExpiresAt);
        }
        catch (Exception e) when (e is CertificateException or IOException or UnauthorizedAccessException)
        {
            // the files may be halfway through being replaced: try again at the next check, but say it once for each version
            if (stamp != _failed || stamp == default)
                logger.CertificateNotReloaded(e.Message);
            _failed = stamp;
        }
    }

    private void Take(LoadedCertificate certificate)
    {
        _options = toOptions(certificate);
        _loaded = certificate;
    }
}
