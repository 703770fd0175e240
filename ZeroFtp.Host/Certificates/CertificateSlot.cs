using System.Net.Security;

namespace ZeroFtp.Host.Certificates;

/// <summary>
/// The certificate of one name through its versions. Asking for it looks at the files again, at most once in <see cref="CheckInterval"/>; a version that cannot be read
/// leaves the one before in use.
/// </summary>
internal sealed class CertificateSlot(CertificateFiles files, Func<bool>? renew, Func<LoadedCertificate, SslServerAuthenticationOptions> toOptions, TimeProvider time, ILogger logger)
{
    public static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan RenewInterval = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private LoadedCertificate? _loaded;
    private SslServerAuthenticationOptions? _options;
    private CertificateStamp _failed;
    private long _checkedAt;
    private long _renewedAt;

    public LoadedCertificate? Loaded => _loaded;

    /// <summary>Loads the first version.</summary>
    /// <exception cref="CertificateException">It cannot be used.</exception>
    public void Open()
    {
        renew?.Invoke();
        _renewedAt = _checkedAt = time.GetTimestamp();
        Take(CertificateLoader.Load(files));
    }

    public SslServerAuthenticationOptions? Current()
    {
        lock (_lock)
        {
            if (time.GetElapsedTime(_checkedAt) >= CheckInterval)
                Check();
            return _options;
        }
    }

    /// <summary>Looks at the files at once, as a reload asks for.</summary>
    public void Recheck()
    {
        lock (_lock)
            Check();
    }

    private void Check()
    {
        _checkedAt = time.GetTimestamp();
        CertificateStamp stamp = default;
        try
        {
            if (renew is not null && time.GetElapsedTime(_renewedAt) >= RenewInterval)
            {
                _renewedAt = _checkedAt;
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
