using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ZeroFtp.Host.Configuration;

/// <summary>Times as people write them: <c>90s</c>, <c>5m</c>, <c>500ms</c>, <c>1h</c>, <c>7d</c>, a bare number of seconds, or <c>00:05:00</c>.</summary>
internal static class Duration
{
    private static readonly (string Unit, long Milliseconds)[] Units = [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];

    private static readonly TimeSpan Longest = TimeSpan.FromDays(3650);

    public static bool TryParse(string text, out TimeSpan value, [NotNullWhen(false)] out string? expected)
    {
        expected = null;
        if (TryParseUnits(text.Trim(), out value) && value >= TimeSpan.Zero && value <= Longest)
            return true;
        expected = "a time such as 30s, 5m, 1h or 00:05:00";
        return false;
    }

    public static string Format(TimeSpan value)
    {
        long milliseconds = (long)value.TotalMilliseconds;
        if (milliseconds == 0)
            return "0s";
        (string unit, long size) = Units.Last(candidate => milliseconds % candidate.Milliseconds == 0);
        return string.Create(CultureInfo.InvariantCulture, $"{milliseconds / size}{unit}");
    }

    private static bool TryParseUnits(string text, out TimeSpan value)
    {
        value = default;
        if (text.Contains(':', StringComparison.Ordinal))
            return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out value);
        string digits = text.TrimEnd("abcdefghijklmnopqrstuvwxyz ".ToCharArray());
        string unit = text[digits.Length..].Trim();
        (string Unit, long Milliseconds) found = unit.Length == 0 ? ("s", 1000) : Units.FirstOrDefault(candidate => candidate.Unit == unit);
        if (found.Milliseconds == 0 || !double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number))
            return false;
        double milliseconds = number * found.Milliseconds;
        if (milliseconds > Longest.TotalMilliseconds)
            return false;
        value = TimeSpan.FromMilliseconds(milliseconds);
        return true;
    }
}
