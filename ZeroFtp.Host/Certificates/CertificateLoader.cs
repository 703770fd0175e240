using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ZeroFtp.Host.Certificates;

/// <summary>Reads a certificate with its key and the rest of its chain.</summary>
internal static class CertificateLoader
{
    /// <exception cref="CertificateException">The files are missing, unreadable, or do not hold a certificate with its own key.</exception>
    public static LoadedCertificate Load(CertificateFiles files)
    {
        try
        {
            CertificateStamp stamp = files.ReadStamp();
            byte[] content = File.ReadAllBytes(files.Certificate);
            (X509Certificate2 leaf, X509Certificate2Collection chain) = IsPem(content) ? LoadPem(files) : LoadPkcs12(content, files.Password);
            return new LoadedCertificate(leaf, SslStreamCertificateContext.Create(leaf, chain, offline: true), stamp);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new CertificateException($"the certificate {files} cannot be used: {e.Message}", e);
        }
    }

    private static bool IsPem(byte[] content) => content.AsSpan().IndexOf("-----BEGIN "u8) >= 0;

    private static (X509Certificate2 Leaf, X509Certificate2Collection Chain) LoadPem(CertificateFiles files)
    {
        using X509Certificate2 ephemeral = files.Password is null
            ? X509Certificate2.CreateFromPemFile(files.Certificate, files.Key)
            : X509Certificate2.CreateFromEncryptedPemFile(files.Certificate, files.Password, files.Key);
        X509Certificate2Collection chain = [];
        chain.ImportFromPemFile(files.Certificate);
        // Windows cannot use a key for TLS that was never in a key store, and going through PKCS #12 puts it there
        X509Certificate2 leaf = X509CertificateLoader.LoadPkcs12(ephemeral.Export(X509ContentType.Pkcs12), null);
        return (leaf, WithoutLeaf(chain, leaf));
    }

    private static (X509Certificate2 Leaf, X509Certificate2Collection Chain) LoadPkcs12(byte[] content, string? password)
    {
        X509Certificate2Collection chain = X509CertificateLoader.LoadPkcs12Collection(content, password);
        X509Certificate2 leaf = chain.FirstOrDefault(certificate => certificate.HasPrivateKey)
            ?? throw new CryptographicException("there is no private key in it");
        return (leaf, WithoutLeaf(chain, leaf));
    }

    private static X509Certificate2Collection WithoutLeaf(X509Certificate2Collection chain, X509Certificate2 leaf) =>
        [.. chain.Where(certificate => !certificate.RawDataMemory.Span.SequenceEqual(leaf.RawDataMemory.Span))];
}
