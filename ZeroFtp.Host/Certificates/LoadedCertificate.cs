using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace ZeroFtp.Host.Certificates;

/// <summary>
/// One version of a certificate, ready for handshakes. It is never disposed: connections that began with it may still be shaking hands when the next version is in use,
/// and the finalizer frees it when the last is through.
/// </summary>
internal sealed class LoadedCertificate(X509Certificate2 leaf, SslStreamCertificateContext context, CertificateStamp stamp)
{
    public X509Certificate2 Leaf { get; } = leaf;

    public SslStreamCertificateContext Context { get; } = context;

    public CertificateStamp Stamp { get; } = stamp;

    public DateTimeOffset ExpiresAt { get; } = new(leaf.NotAfter.ToUniversalTime(), TimeSpan.Zero);
}
