using ZeroFtp.Host.Certificates;

namespace ZeroFtp.Host.Configuration;

/// <summary>The keys of certificates. The policy of the wire is read with the engine's options.</summary>
internal static class TlsBinder
{
    public static TlsSettings Bind(ConfigurationReader reader)
    {
        Dictionary<string, CertificateFiles> names = new(StringComparer.OrdinalIgnoreCase);
        foreach (string name in reader.Children("tls:names"))
        {
            if (BindFiles(reader, $"tls:names:{name}", "") is { } files)
                names.Add(name, files);
            else
                reader.Fault($"tls:names:{name}:certificate", "expected a file");
        }
        return new TlsSettings
        {
            Default = BindFiles(reader, "tls", "; empty: a self-signed one"),
            Names = names,
            MinimumVersion = reader.Choice("tls:minimumVersion", TlsVersion.Tls12, "The oldest version of TLS: tls12 or tls13.", KeyTraits.Reloads),
            ClientCertificates = reader.Choice("tls:clientCertificates", ClientCertificates.Off,
                "Whether clients are asked for certificates: off, optional or required.", KeyTraits.Reloads),
            ClientAuthorities = reader.OptionalText("tls:clientAuthorities",
                "A PEM file with the authorities of client certificates; empty: those that the machine trusts.", KeyTraits.Reloads),
        };
    }

    private static CertificateFiles? BindFiles(ConfigurationReader reader, string group, string whenEmpty)
    {
        string? certificate = reader.OptionalText($"{group}:certificate", $"The certificate with its chain, PEM or PKCS #12{whenEmpty}.", KeyTraits.Reloads);
        string? key = reader.OptionalText($"{group}:key", "The key in PEM, if it is not in the certificate's file.", KeyTraits.Reloads);
        string? password = reader.OptionalText($"{group}:password", "The password of the key.", KeyTraits.Reloads | KeyTraits.Secret);
        if (certificate is null && key is not null)
            reader.Fault($"{group}:key", "is given without a certificate");
        return certificate is null ? null : new CertificateFiles(certificate, key, password);
    }
}
