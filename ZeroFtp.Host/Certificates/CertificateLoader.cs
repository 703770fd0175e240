using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ZeroFtp.Host.Checks;

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
            (X509Certificate2 leaf, X509Certificate2Collection chain) = LoadChain(files);
            return new LoadedCertificate(leaf, SslStreamCertificateContext.Create(leaf, chain, offline: true), stamp);
        }
        catch (Exception e) when (IsFault(e))
        {
            throw Fault(files, e);
        }
    }

    /// <summary>Reads the certificate and its key alone, without making them ready for handshakes: that reads all authorities which the system trusts.</summary>
    /// <returns>The certificate, which the caller disposes.</returns>
    /// <exception cref="CertificateException">As for <see cref="Load"/>.</exception>
    public static X509Certificate2 LoadLeaf(CertificateFiles files)
    {
        try
        {
            return LoadChain(files).Leaf;
        }
        catch (Exception e) when (IsFault(e))
        {
            throw Fault(files, e);
        }
    }

    private static bool IsFault(Exception e) => e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException;

    private static CertificateException Fault(CertificateFiles files, Exception e) => new($"the certificate {files} cannot be used: {CauseOf(e)}", e);

    private static string CauseOf(Exception e) => e switch
    {
        CryptographicException or ArgumentException => "expected PEM or PKCS #12 with a certificate and its own key, and the key's password if it has one",
        _ => PlainText.Of(e),
    };

    private static (X509Certificate2 Leaf, X509Certificate2Collection Chain) LoadChain(CertificateFiles files)
    {
        byte[] content = File.ReadAllBytes(files.Certificate);
        return IsPem(content) ? LoadPem(files) : LoadPkcs12(content, files.Password);
    }

    private static bool IsPem(byte[] content) => content.AsSpan().IndexOf("-----BEGIN "u8) >= 0;

    private static (X509Certificate2 Leaf, X509Certificate2Collection Chain) LoadPem(CertificateFiles files)
    {
        X509Certificate2 leaf = files.Password is null
            ? X509Certificate2.CreateFromPemFile(files.Certificate, files.Key)
            : X509Certificate2.CreateFromEncryptedPemFile(files.Certificate, files.Password, files.Key);
        X509Certificate2Collection chain = [];
        chain.ImportFromPemFile(files.Certificate);
        if (OperatingSystem.IsWindows())
        {
            // Windows cannot use a key for TLS that was never in a key store, and going through PKCS #12 puts it there
            using X509Certificate2 ephemeral = leaf;
            leaf = X509CertificateLoader.LoadPkcs12(ephemeral.Export(X509ContentType.Pkcs12), null);
        }
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
