using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace ZeroFtp.Protocol.Tls;

/// <summary>What the engine sets in TLS parameters whatever the driver gave.</summary>
internal static class TlsOptions
{
    // RFC-less names in use: "ftp" by RFC 7301's registry, "x-filezilla-ftp" by FileZilla, "ftp-data" on data connections.
    private static readonly List<SslApplicationProtocol> ControlProtocols = [new("ftp"), new("x-filezilla-ftp")];
    private static readonly List<SslApplicationProtocol> DataProtocols = [new("ftp-data"), new("ftp"), new("x-filezilla-ftp")];

    /// <summary>The driver's parameters with the engine's application protocols; renegotiation off. The driver's object is not changed.</summary>
    public static SslServerAuthenticationOptions ForServer(SslServerAuthenticationOptions given, bool isData)
    {
        SslServerAuthenticationOptions options = new()
        {
            ServerCertificate = given.ServerCertificate,
            ServerCertificateContext = given.ServerCertificateContext,
            ServerCertificateSelectionCallback = given.ServerCertificateSelectionCallback,
            ClientCertificateRequired = given.ClientCertificateRequired,
            RemoteCertificateValidationCallback = given.RemoteCertificateValidationCallback,
            CertificateRevocationCheckMode = given.CertificateRevocationCheckMode,
            CertificateChainPolicy = given.CertificateChainPolicy,
            EnabledSslProtocols = given.EnabledSslProtocols,
            CipherSuitesPolicy = given.CipherSuitesPolicy,
            EncryptionPolicy = given.EncryptionPolicy,
            AllowTlsResume = given.AllowTlsResume,
            AllowRenegotiation = false,
            ApplicationProtocols = isData ? DataProtocols : ControlProtocols,
        };
        if (OperatingSystem.IsLinux() || OperatingSystem.IsWindows())
        {
            options.AllowRsaPkcs1Padding = given.AllowRsaPkcs1Padding;
            options.AllowRsaPssPadding = given.AllowRsaPssPadding;
        }
        return options;
    }

    /// <summary>Parameters for the client's side of a server-to-server transfer. Nobody can say which certificate the other server has, so any is taken.</summary>
    public static SslClientAuthenticationOptions ForServerToServer() => new()
    {
        TargetHost = "ftp.invalid",
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
#pragma warning disable CA5359 // The user who arranges the transfer trusts both servers; FXP is off by default.
        RemoteCertificateValidationCallback = static (_, _, _, _) => true,
#pragma warning restore CA5359
    };
}
