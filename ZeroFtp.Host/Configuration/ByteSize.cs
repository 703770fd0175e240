using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ZeroFtp.Host.Configuration;

/// <summary>Sizes as people write them: <c>65536</c>, <c>64KiB</c>, <c>10 MB</c>, <c>1GiB</c>.</summary>
internal static class ByteSize
{
    private static readonly (string Unit, long Bytes)[] Units =
    [
        ("B", 1), ("kB", 1000), ("KiB", 1L << 10), ("MB", 1_000_000), ("MiB", 1L << 20), ("GB", 1_000_000_000), ("GiB", 1L << 30),
        ("TB", 1_000_000_000_000), ("TiB", 1L << 40),
    ];

    public static bool TryParse(string text, out long value, [NotNullWhen(false)] out string? expected)
    {
        expected = null;
        string trimmed = text.Trim();
        int cut = trimmed.AsSpan().LastIndexOfAnyInRange('0', '9') + 1;
        string unit = trimmed[cut..].Trim();
        (string Unit, long Bytes) found = unit.Length == 0 ? ("B", 1) : Units.FirstOrDefault(candidate => candidate.Unit.Equals(unit, StringComparison.OrdinalIgnoreCase));
        bool isNumber = decimal.TryParse(trimmed.AsSpan(0, cut), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number);
        if (found.Bytes > 0 && isNumber && number <= (decimal)long.MaxValue / found.Bytes)
        {
            value = (long)(number * found.Bytes);
            return true;
        }
        value = 0;
        expected = "a size in bytes, or such as 64KiB, 10MB, 1GiB";
        return false;
    }

    /// <summary>With three digits at most, for people.</summary>
    public static string FormatRounded(long value)
    {
        (string unit, long size) = Units.Where(candidate => candidate.Unit.Contains('i', StringComparison.Ordinal)).LastOrDefault(candidate => value >= candidate.Bytes, ("B", 1));
        double number = (double)value / size;
        return string.Create(CultureInfo.InvariantCulture,
            $"{number.ToString(size == 1 || number >= 100 ? "0" : number >= 10 ? "0.#" : "0.##", CultureInfo.InvariantCulture)} {unit}");
    }

    public static string Format(long value)
    {
        (string unit, long size) = Units.Where(candidate => candidate.Unit.Contains('i', StringComparison.Ordinal))
            .LastOrDefault(candidate => value != 0 && value % candidate.Bytes == 0, ("", 1));
        return string.Create(CultureInfo.InvariantCulture, $"{value / size}{unit}");
    }
}
