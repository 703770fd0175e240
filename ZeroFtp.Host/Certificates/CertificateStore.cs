using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace ZeroFtp.Host.Certificates;

/// <summary>All certificates of the server, chosen by the name that a client asks for.</summary>
internal sealed class CertificateStore
{
    private readonly Dictionary<string, CertificateSlot> _slots = new(StringComparer.OrdinalIgnoreCase);
    private readonly CertificateSlot _default;
    private readonly TlsSettings _settings;
    private readonly ClientCertificateCheck? _clientCheck;
    private readonly ILogger _logger;

    /// <summary>Opens every certificate that is configured and makes the self-signed one if none is.</summary>
    /// <exception cref="CertificateException">One of them cannot be used.</exception>
    public CertificateStore(TlsSettings settings, SelfSignedCertificate selfSigned, TimeProvider time, ILogger<CertificateStore> logger)
    {
        _settings = settings;
        _logger = logger;
        _clientCheck = settings.ClientCertificates == ClientCertificates.Off ? null : new ClientCertificateCheck(settings);
        Func<bool>? renew = settings.Default is null ? Renew : null;
        _default = new CertificateSlot(settings.Default ?? selfSigned.Files, renew, ToOptions, time, logger);
        _default.Open();
        foreach ((string name, CertificateFiles files) in settings.Names)
        {
            CertificateSlot slot = new(files, null, ToOptions, time, logger);
            slot.Open();
            _slots.Add(name, slot);
        }

        bool Renew()
        {
            bool made = selfSigned.Ensure();
            if (made)
                logger.SelfSignedMade(selfSigned.Files.Certificate);
            return made;
        }
    }

    public ValueTask<SslServerAuthenticationOptions?> FindAsync(string? serverName, CancellationToken cancellationToken) => SlotFor(serverName).CurrentAsync(cancellationToken);

    /// <summary>Looks at all files at once and warns of certificates that end soon.</summary>
    public async ValueTask RecheckAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (CertificateSlot slot in _slots.Values.Append(_default))
        {
            await slot.RecheckAsync(cancellationToken);
            if (slot.Loaded is { } loaded && loaded.ExpiresAt - now < TimeSpan.FromDays(14))
                _logger.CertificateExpires(loaded.Leaf.Subject, loaded.ExpiresAt);
        }
    }

    private CertificateSlot SlotFor(string? serverName)
    {
        if (serverName is null || _slots.Count == 0)
            return _default;
        if (_slots.TryGetValue(serverName, out CertificateSlot? exact))
            return exact;
        int dot = serverName.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && _slots.TryGetValue("*" + serverName[dot..], out CertificateSlot? wildcard) ? wildcard : _default;
    }

    private SslServerAuthenticationOptions ToOptions(LoadedCertificate certificate) => new()
    {
        ServerCertificateContext = certificate.Context,
        EnabledSslProtocols = _settings.Protocols,
        ClientCertificateRequired = _clientCheck is not null,
        RemoteCertificateValidationCallback = _clientCheck is null ? null : _clientCheck.IsAcceptable,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
    };
}
