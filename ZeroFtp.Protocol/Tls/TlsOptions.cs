using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace ZeroFtp.Protocol.Tls;

/// <summary>Applies the engine's own TLS settings to those of the driver.</summary>
internal static class TlsOptions
{
    // ALPN names in use: "ftp" from the registry of RFC 7301, "x-filezilla-ftp" from FileZilla, "ftp-data" on data connections.
    private static readonly List<SslApplicationProtocol> ControlProtocols = [new("ftp"), new("x-filezilla-ftp")];
    private static readonly List<SslApplicationProtocol> DataProtocols = [new("ftp-data"), new("ftp"), new("x-filezilla-ftp")];

    /// <summary>Copies the driver's options, sets the engine's application protocols and disables renegotiation. The driver's object is unchanged.</summary>
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

    /// <summary>Options for the client role in a server-to-server transfer. The other server's certificate cannot be predicted, so any is accepted.</summary>
    public static SslClientAuthenticationOptions ForServerToServer() => new()
    {
        TargetHost = "ftp.invalid",
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
#pragma warning disable CA5359 // The user who arranges the transfer trusts both servers; FXP is off by default.
        RemoteCertificateValidationCallback = static (_, _, _, _) => true,
#pragma warning restore CA5359
    };
}
