using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ZeroFtp.Host.Configuration;

/// <summary>The ports for passive data connections, both ends included; 0-0 lets the system choose.</summary>
internal readonly record struct PortRange(int First, int Last)
{
    public static bool TryParse(string text, out PortRange value, [NotNullWhen(false)] out string? expected)
    {
        string[] parts = text.Split('-', StringSplitOptions.TrimEntries);
        expected = null;
        value = default;
        if (parts.Length is 1 or 2 && TryPort(parts[0], out int first) && TryPort(parts[^1], out int last) && first <= last && (first > 0 || last == 0))
        {
            value = new PortRange(first, last);
            return true;
        }
        expected = "two ports A-B with A not above B, such as 50000-50999";
        return false;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{First}-{Last}");

    private static bool TryPort(string text, out int port) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port <= 65535;
}
