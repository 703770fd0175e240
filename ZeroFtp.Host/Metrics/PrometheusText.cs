using System.Globalization;
using System.Text;

namespace ZeroFtp.Host.Metrics;

/// <summary>Names, labels and numbers as version 0.0.4 of the Prometheus text format wants them.</summary>
internal static class PrometheusText
{
    /// <summary>The instrument's name in letters, digits and underscores, with its unit, and with <c>_total</c> if it only ever grows.</summary>
    public static string MetricName(string instrument, string? unit, bool isCounter)
    {
        string name = Word(instrument);
        string suffix = unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        if (!name.EndsWith(suffix, StringComparison.Ordinal))
            name += suffix;
        return isCounter && !name.EndsWith("_total", StringComparison.Ordinal) ? name + "_total" : name;
    }

    public static string Help(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    public static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Writes labels that need no escape into the buffer, which is what nearly all of them are.</summary>
    public static bool TryWriteLabels(ReadOnlySpan<KeyValuePair<string, object?>> tags, Span<char> buffer, out int length)
    {
        length = 0;
        foreach ((string name, object? value) in tags)
        {
            if (!IsWord(name) || (value is string text && text.AsSpan().IndexOfAny('\\', '"', '\n') >= 0))
                return false;
            if (!buffer[length..].TryWrite(CultureInfo.InvariantCulture, $"{(length == 0 ? "" : ",")}{name}=\"{(value is bool flag ? (flag ? "true" : "false") : value)}\"", out int written))
                return false;
            length += written;
        }
        return true;
    }

    /// <summary>The labels, whatever they hold.</summary>
    public static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        StringBuilder labels = new();
        foreach ((string name, object? value) in tags)
        {
            string text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
            string escaped = Help(text).Replace("\"", "\\\"", StringComparison.Ordinal);
            labels.Append(labels.Length == 0 ? "" : ",").Append(Word(name)).Append("=\"").Append(escaped).Append('"');
        }
        return labels.ToString();
    }

    private static bool IsWord(string text) => text.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    private static string Word(string text) => string.Concat(text.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
}
