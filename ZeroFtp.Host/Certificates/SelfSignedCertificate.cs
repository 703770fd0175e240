using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ZeroFtp.Host.Checks;
using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Host.Certificates;

/// <summary>The certificate that the server makes for itself when it is given none, so that TLS works from the first start on.</summary>
internal sealed class SelfSignedCertificate(string directory, IReadOnlyList<string> names, TimeProvider time, bool makesParents = true)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(30);

    /// <summary>The certificate and its key in one file, so that a renewal is one rename and can never pair a new key with an old certificate.</summary>
    public CertificateFiles Files { get; } = new(Path.Combine(directory, "self-signed.pem"));

    /// <summary>The certificate alone, which clients may be given to trust.</summary>
    public string PublicFile { get; } = Path.Combine(directory, "certificate.pem");

    /// <summary>Makes the certificate if there is none that lasts for a while and bears all names.</summary>
    /// <returns>True if one was made.</returns>
    /// <exception cref="CertificateException">It cannot be made.</exception>
    public bool Ensure()
    {
        if (IsGood())
            return false;
        try
        {
            Make();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CertificateException($"a certificate cannot be created in {directory}: {(e is DirectoryNotFoundException ? e.Message : PlainText.Of(e))}", e);
        }
    }

    private void Make()
    {
        // A data directory that is gone must not come back empty for the sake of a certificate.
        if (!makesParents && !Directory.Exists(Path.GetDirectoryName(directory)))
            throw new DirectoryNotFoundException("the directory that should hold it is missing");
        Directory.CreateDirectory(directory);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 certificate = Create(key);
        string publicPem = certificate.ExportCertificatePem() + "\n";
        Replace(Files.Certificate, publicPem + key.ExportPkcs8PrivateKeyPem() + "\n", UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Replace(PublicFile, publicPem, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
    }

    private bool IsGood()
    {
        try
        {
            using X509Certificate2 leaf = CertificateLoader.LoadLeaf(Files);
            DateTime now = time.GetUtcNow().UtcDateTime;
            // One that begins in the future was made while the clock was wrong; clients would refuse it.
            return leaf.NotBefore.ToUniversalTime() <= now && leaf.NotAfter.ToUniversalTime() - now > RenewBefore && names.All(name => leaf.MatchesHostname(name, allowCommonName: false));
        }
        catch (CertificateException)
        {
            return false;
        }
    }

    private X509Certificate2 Create(ECDsa key)
    {
        SubjectAlternativeNameBuilder alternatives = new();
        foreach (string name in names)
        {
            if (AddressText.TryParse(name, out IPAddress? address))
                alternatives.AddIpAddress(address);
            else
                alternatives.AddDnsName(name);
        }
        CertificateRequest request = new("CN=ZeroFtp self-signed", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(alternatives.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        DateTimeOffset now = time.GetUtcNow();
        // an hour of grace for clients whose clocks are behind
        return request.CreateSelfSigned(now.AddHours(-1), now + Lifetime);
    }

    private static void Replace(string path, string content, UnixFileMode mode)
    {
        string temporary = path + ".new";
        File.Delete(temporary);
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = mode;
        using (StreamWriter writer = new(temporary, options))
        {
            writer.Write(content);
            writer.Flush();
            ((FileStream)writer.BaseStream).Flush(flushToDisk: true);
        }
        File.Move(temporary, path, overwrite: true);
    }
}
