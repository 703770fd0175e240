using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ZeroFtp.Tests.Support;

/// <summary>Self-signed certificates, made once a run.</summary>
internal static class TestCertificates
{
    private static readonly Lazy<X509Certificate2> LazyServer = new(() => Create("server.test"));
    private static readonly Lazy<X509Certificate2> LazyClient = new(() => Create("certuser"));
    private static readonly Lazy<SslStreamCertificateContext> LazyContext = new(() => SslStreamCertificateContext.Create(LazyServer.Value, additionalCertificates: null, offline: true));

    public static X509Certificate2 Client => LazyClient.Value;

    public static X509Certificate2 Server => LazyServer.Value;

    public static SslServerAuthenticationOptions ServerOptions() => new()
    {
        ServerCertificateContext = LazyContext.Value,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
    };

    /// <summary>As the other, asking for a certificate of the client and taking any.</summary>
    public static SslServerAuthenticationOptions ServerOptionsWithClientCertificate()
    {
        SslServerAuthenticationOptions options = ServerOptions();
        options.ClientCertificateRequired = true;
        options.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        return options;
    }

    public static X509Certificate2 Create(string name)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(MemoryServer.Start.AddYears(-1), MemoryServer.Start.AddYears(20));
    }
}
