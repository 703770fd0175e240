using ZeroFtp.Host.Certificates;
using ZeroFtp.Host.Configuration;

namespace ZeroFtp.Host.Checks;

/// <summary>Checks that the configured certificates and authorities can be loaded.</summary>
internal static class CertificateFileCheck
{
    public static IEnumerable<ConfigurationFault> Find(LoadedConfiguration loaded)
    {
        TlsSettings tls = loaded.Configuration.Tls;
        IEnumerable<(string Group, CertificateFiles Files)> all = tls.Names.Select(pair => ($"tls:names:{pair.Key}", pair.Value));
        if (tls.Default is { } files)
            all = all.Prepend(("tls", files));
        return [.. all.SelectMany(pair => FaultsOf(loaded, pair.Group, pair.Files)), .. FaultsOfAuthorities(loaded, tls)];
    }

    private static ConfigurationFault[] FaultsOf(LoadedConfiguration loaded, string group, CertificateFiles files)
    {
        ConfigurationFault[] missing = [.. Missing(loaded, $"{group}:certificate", files.Certificate), .. Missing(loaded, $"{group}:key", files.Key)];
        return missing.Length > 0
            ? missing
            : [.. Try(loaded, $"{group}:certificate", () => BoundedRead.Run(() => CertificateLoader.Load(files), $"the certificate {files}"))];
    }

    private static IEnumerable<ConfigurationFault> FaultsOfAuthorities(LoadedConfiguration loaded, TlsSettings tls) =>
        tls.ClientAuthorities is not { } file ? []
        : File.Exists(file) ? Try(loaded, "tls:clientAuthorities", () => ClientCertificateCheck.LoadAuthorities(file))
        : Missing(loaded, "tls:clientAuthorities", file);

    private static IEnumerable<ConfigurationFault> Missing(LoadedConfiguration loaded, string key, string? file) =>
        file is null || File.Exists(file) ? [] : [loaded.Fault(key, $"there is no file {file}")];

    private static IEnumerable<ConfigurationFault> Try(LoadedConfiguration loaded, string key, Action load)
    {
        try
        {
            load();
            return [];
        }
        catch (CertificateException e)
        {
            return [loaded.Fault(key, e.Message)];
        }
    }
}
