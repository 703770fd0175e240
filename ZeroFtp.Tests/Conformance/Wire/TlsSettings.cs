using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace ZeroFtp.Conformance.Wire;

/// <summary>How the client side of a handshake goes. Any server certificate is accepted: whom to trust is not what is being checked.</summary>
internal sealed record TlsSettings
{
    public SslProtocols Protocols { get; init; } = SslProtocols.Tls12 | SslProtocols.Tls13;

    /// <summary>The name sent as SNI; none when it is an address or empty.</summary>
    public string Name { get; init; } = "localhost";

    public IReadOnlyList<string> Alpn { get; init; } = [];

    public X509Certificate2? Certificate { get; init; }

    public bool Resume { get; init; } = true;

    public SslClientAuthenticationOptions ToOptions() => new()
    {
        TargetHost = Name,
        EnabledSslProtocols = Protocols,
        AllowTlsResume = Resume,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        RemoteCertificateValidationCallback = static (_, _, _, _) => true,
        ApplicationProtocols = Alpn.Count == 0 ? null : [.. Alpn.Select(name => new SslApplicationProtocol(name))],
        ClientCertificates = Certificate is null ? null : [Certificate],
    };
}
