using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ZeroFtp.Storage.Accounts;

/// <summary>
/// Decides whether a client certificate replaces an account's password. A thumbprint names one certificate and needs no authority. A subject name counts only
/// if the certificate chains to a configured authority, because anybody can issue a certificate with any name.
/// </summary>
internal sealed class ClientCertificates(X509Certificate2Collection authorities, TimeProvider timeProvider)
{
    public bool Match(Account account, X509Certificate2? certificate)
    {
        if (certificate is null || account.Certificates.Count == 0)
            return false;
        DateTime now = timeProvider.GetUtcNow().LocalDateTime;
        if (now < certificate.NotBefore || now > certificate.NotAfter)
            return false;
        string thumbprint = certificate.GetCertHashString(HashAlgorithmName.SHA256);
        foreach (string known in account.Certificates)
        {
            if (AccountFaults.IsThumbprint(known) ? known.Equals(thumbprint, StringComparison.OrdinalIgnoreCase)
                : known.Equals(certificate.Subject, StringComparison.Ordinal) && IsTrusted(certificate))
                return true;
        }
        return false;
    }

    private bool IsTrusted(X509Certificate2 certificate)
    {
        if (authorities.Count == 0)
            return false;
        using X509Chain chain = new();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.VerificationTime = timeProvider.GetUtcNow().LocalDateTime;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }
}
