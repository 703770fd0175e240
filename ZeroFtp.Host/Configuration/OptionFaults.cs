using System.Text.RegularExpressions;

namespace ZeroFtp.Host.Configuration;

/// <summary>Turns the faults that options find in themselves ("Limits.IdleTimeout must be ...") into faults of keys ("limits:idleTimeout: must be ...").</summary>
internal static partial class OptionFaults
{
    public static void Report(ConfigurationReader reader, IReadOnlyList<string> faults, Func<string, string>? place = null)
    {
        foreach (string fault in faults)
        {
            int cut = fault.IndexOf(' ', StringComparison.Ordinal);
            string text = Property().Replace(fault[(cut + 1)..].TrimEnd('.'), match => ToKey(match.Value) is { } key && reader.Keys.Any(known => known.Path == key) ? key : match.Value);
            reader.Fault(ToKey(fault[..cut]), text);
        }

        string ToKey(string property) => string.Join(':', (place?.Invoke(property) ?? property).Split('.').Select(part => char.ToLowerInvariant(part[0]) + part[1..]));
    }

    [GeneratedRegex(@"\b[A-Z]\w*(\.[A-Z]\w*)*\b")]
    private static partial Regex Property();
}
