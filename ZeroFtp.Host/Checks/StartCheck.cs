using ZeroFtp.Host.Configuration;

namespace ZeroFtp.Host.Checks;

/// <summary>What only the machine can say about a configuration: directories, addresses and files that it names. It creates nothing.</summary>
internal static class StartCheck
{
    /// <summary>For <c>serve</c>, before anything is created.</summary>
    /// <exception cref="ConfigurationException">The server cannot start.</exception>
    public static void BeforeStart(LoadedConfiguration loaded) =>
        Demand([.. DataDirectoryCheck.Find(loaded), .. DatabaseCheck.Find(loaded), .. ListenCheck.Find(loaded, allowsInUse: false)]);

    /// <summary>For <c>config check</c>, beside which the server may be running.</summary>
    /// <exception cref="ConfigurationException">A start would fail.</exception>
    public static void OfConfiguration(LoadedConfiguration loaded) =>
        Demand([.. DataDirectoryCheck.Find(loaded), .. DatabaseCheck.Find(loaded), .. ListenCheck.Find(loaded, allowsInUse: true), .. CertificateFileCheck.Find(loaded)]);

    /// <exception cref="ConfigurationException">There is a fault.</exception>
    public static void Demand(IReadOnlyList<ConfigurationFault> faults)
    {
        if (faults.Count > 0)
            throw new ConfigurationException(faults);
    }
}
