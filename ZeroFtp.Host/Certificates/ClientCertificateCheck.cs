using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ZeroFtp.Host.Checks;

namespace ZeroFtp.Host.Certificates;

/// <summary>Decides whether the certificate that a client shows is good: signed by one of the configured authorities, or by one that the machine trusts if none is configured.</summary>
internal sealed class ClientCertificateCheck
{
    private static readonly Oid ClientAuthentication = new("1.3.6.1.5.5.7.3.2");

    private readonly bool _isRequired;
    private readonly X509Certificate2Collection? _authorities;

    /// <exception cref="CertificateException">The file of the authorities cannot be read.</exception>
    public ClientCertificateCheck(TlsSettings settings)
    {
        _isRequired = settings.ClientCertificates == ClientCertificates.Required;
        _authorities = settings.ClientAuthorities is null ? null : LoadAuthorities(settings.ClientAuthorities);
    }

    /// <exception cref="CertificateException">The file cannot be read, does not answer, or holds none.</exception>
    public static X509Certificate2Collection LoadAuthorities(string path)
    {
        X509Certificate2Collection authorities = [];
        try
        {
            BoundedRead.Run(() => authorities.ImportFromPemFile(path), $"the file of the authorities for client certificates {path}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new CertificateException($"the authorities for client certificates in {path} cannot be read: {(e is CryptographicException ? "expected certificates in PEM" : PlainText.Of(e))}", e);
        }
        return authorities.Count > 0 ? authorities : throw new CertificateException($"{path} holds no certificate");
    }

    public bool IsAcceptable(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null)
            return !_isRequired;
        if (_authorities is null)
            return errors == SslPolicyErrors.None;
        using X509Chain own = new();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.CustomTrustStore.AddRange(_authorities);
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        own.ChainPolicy.ApplicationPolicy.Add(ClientAuthentication);
        if (chain is not null)
            own.ChainPolicy.ExtraStore.AddRange(chain.ChainPolicy.ExtraStore);
        using X509Certificate2 leaf = new(certificate);
        return own.Build(leaf);
    }
}
