namespace ZeroFtp.Host.Configuration;

/// <summary>The configuration cannot be used. It carries every fault that was found, not the first alone.</summary>
internal sealed class ConfigurationException(IReadOnlyList<ConfigurationFault> faults)
    : Exception(string.Join(Environment.NewLine, faults))
{
    public IReadOnlyList<ConfigurationFault> Faults { get; } = faults;
}
