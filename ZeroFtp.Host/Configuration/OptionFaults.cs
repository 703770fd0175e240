namespace ZeroFtp.Host.Configuration;

/// <summary>Turns the faults that options find in themselves ("Limits.IdleTimeout must be ...") into faults of keys ("limits:idleTimeout: must be ...").</summary>
internal static class OptionFaults
{
    public static void Report(ConfigurationReader reader, IReadOnlyList<string> faults, Func<string, string>? place = null)
    {
        foreach (string fault in faults)
        {
            int cut = fault.IndexOf(' ', StringComparison.Ordinal);
            string property = place is null ? fault[..cut] : place(fault[..cut]);
            string key = string.Join(':', property.Split('.').Select(part => char.ToLowerInvariant(part[0]) + part[1..]));
            reader.Fault(key, fault[(cut + 1)..].TrimEnd('.'));
        }
    }
}
