using System.Security.Authentication;

namespace ZeroFtp.Host.Certificates;

/// <summary>What the configuration says of certificates and handshakes.</summary>
internal sealed record TlsSettings
{
    /// <summary>The certificate for clients that ask for no name or an unknown one; null makes a self-signed one.</summary>
    public CertificateFiles? Default { get; init; }

    /// <summary>More certificates, by the host name that SNI or HOST asks for; <c>*.example.org</c> stands for one label.</summary>
    public IReadOnlyDictionary<string, CertificateFiles> Names { get; init; } = new Dictionary<string, CertificateFiles>();

    public TlsVersion MinimumVersion { get; init; }

    public ClientCertificates ClientCertificates { get; init; }

    /// <summary>A PEM file with the authorities whose client certificates are good.</summary>
    public string? ClientAuthorities { get; init; }

    public SslProtocols Protocols => MinimumVersion == TlsVersion.Tls13 ? SslProtocols.Tls13 : SslProtocols.Tls12 | SslProtocols.Tls13;
}

internal enum TlsVersion
{
    Tls12,
    Tls13,
}

internal enum ClientCertificates
{
    /// <summary>They are not asked for.</summary>
    Off,

    /// <summary>They are asked for; one that is shown must be good.</summary>
    Optional,

    /// <summary>The handshake fails without a good one.</summary>
    Required,
}
