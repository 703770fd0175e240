using System.Net.Security;
using ZeroFtp.Host.Certificates;
using ZeroFtp.Host.Configuration;
using ZeroFtp.Protocol.Options;

namespace ZeroFtp.Host.Serving;

/// <summary>The certificates in use: none before <see cref="Open"/> and while TLS is off. A reload puts others in their place once those are known to be good.</summary>
internal sealed class CertificateHolder(HostConfiguration configuration, TimeProvider time, ILogger<CertificateStore> logger)
{
    private readonly SelfSignedCertificate _selfSigned = new(
        Path.GetFullPath(Path.Combine(configuration.Storage.DataDirectory, "tls")), ServerNames.Of(configuration), time, makesParents: configuration.Distributed is not null);
    private volatile CertificateStore? _current;

    /// <summary>Whether there is any use for certificates.</summary>
    public bool IsOn { get; } = configuration.Server.Tls.Policy != FtpTlsPolicy.Off || configuration.Server.EndPoints.Any(endPoint => endPoint.ImplicitTls);

    /// <summary>The self-signed certificate without its key if it is what clients see, for the line that shows how to connect.</summary>
    public string? SelfSignedFile => _current is not null && configuration.Tls.Default is null ? _selfSigned.PublicFile : null;

    /// <summary>Takes certificates as the settings say.</summary>
    /// <exception cref="CertificateException">One cannot be used; those in use stay.</exception>
    public void Open(TlsSettings settings) => _current = !IsOn ? null : new CertificateStore(settings, _selfSigned, time, logger);

    public ValueTask<SslServerAuthenticationOptions?> FindAsync(string? serverName, CancellationToken cancellationToken) =>
        _current?.FindAsync(serverName, cancellationToken) ?? ValueTask.FromResult<SslServerAuthenticationOptions?>(null);

    /// <summary>Looks at the files and warns of certificates that end soon.</summary>
    public ValueTask RecheckAsync(CancellationToken cancellationToken) => _current?.RecheckAsync(time.GetUtcNow(), cancellationToken) ?? ValueTask.CompletedTask;
}
