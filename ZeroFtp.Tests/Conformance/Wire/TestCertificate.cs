using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ZeroFtp.Conformance.Wire;

/// <summary>Certificates that no server knows, signed by themselves.</summary>
internal static class TestCertificate
{
    public static X509Certificate2 Create(string name)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
