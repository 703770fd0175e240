using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Host.Configuration;

/// <summary>The kinds of value that keys have, as short words for the binder.</summary>
internal static class ValueParsers
{
    public static string Text(this ConfigurationReader reader, string path, string fallback, string help, KeyTraits traits = KeyTraits.None) =>
        reader.Value(path, fallback, TryText, text => text, help, traits);

    public static bool Flag(this ConfigurationReader reader, string path, bool fallback, string help, KeyTraits traits = KeyTraits.None) =>
        reader.Value(path, fallback, TryFlag, flag => flag ? "true" : "false", help, traits);

    public static int Number(this ConfigurationReader reader, string path, int fallback, int least, int most, string help, KeyTraits traits = KeyTraits.None) =>
        reader.Value(path, fallback, Between(least, most), number => number.ToString(CultureInfo.InvariantCulture), help, traits);

    public static long Size(this ConfigurationReader reader, string path, long fallback, string help, KeyTraits traits = KeyTraits.None) =>
        reader.Value(path, fallback, ByteSize.TryParse, ByteSize.Format, help, traits);

    public static TimeSpan Time(this ConfigurationReader reader, string path, TimeSpan fallback, string help, KeyTraits traits = KeyTraits.None) =>
        reader.Value(path, fallback, Duration.TryParse, Duration.Format, help, traits);

    public static T Choice<T>(this ConfigurationReader reader, string path, T fallback, string help, KeyTraits traits = KeyTraits.None)
        where T : struct, Enum =>
        reader.Value(path, fallback, TryChoice, ChoiceName, help, traits);

    public static IReadOnlyList<IPEndPoint> EndPointList(this ConfigurationReader reader, string path, IReadOnlyList<IPEndPoint> fallback, string help) =>
        reader.List(path, fallback, EndPoints.TryParse, EndPoints.Format, help);

    /// <summary>A text that may be absent; empty means absent.</summary>
    public static string? OptionalText(this ConfigurationReader reader, string path, string help, KeyTraits traits = KeyTraits.None) =>
        reader.Text(path, "", help, traits) is { Length: > 0 } text ? text : null;

    public static IReadOnlyList<string> Texts(this ConfigurationReader reader, string path, IReadOnlyList<string> fallback, string help, KeyTraits traits = KeyTraits.None) =>
        reader.List(path, fallback, TryText, text => text, help, traits);

    public static IReadOnlyList<IPNetwork> Networks(this ConfigurationReader reader, string path, IReadOnlyList<IPNetwork> fallback, string help, KeyTraits traits = KeyTraits.None) =>
        reader.List(path, fallback, TryNetwork, network => network.ToString(), help, traits);

    public static string ChoiceName<T>(T value)
        where T : struct, Enum
    {
        string name = value.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    private static bool TryText(string text, [MaybeNullWhen(false)] out string value, [NotNullWhen(false)] out string? expected)
    {
        bool isPlain = !text.Any(char.IsControl);
        value = isPlain ? text : null;
        expected = isPlain ? null : "a text without control characters";
        return isPlain;
    }

    private static bool TryFlag(string text, out bool value, [NotNullWhen(false)] out string? expected)
    {
        expected = bool.TryParse(text, out value) ? null : "true or false";
        return expected is null;
    }

    private static ValueParser<int> Between(int least, int most) => (string text, out int value, [NotNullWhen(false)] out string? expected) =>
    {
        bool isRight = int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && value >= least && value <= most;
        expected = isRight ? null : string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}");
        return isRight;
    };

    public static bool TryChoice<T>(string text, out T value, [NotNullWhen(false)] out string? expected)
        where T : struct, Enum
    {
        // Enum.TryParse would take numbers and lists of names too
        foreach (T candidate in Enum.GetValues<T>())
        {
            value = candidate;
            expected = null;
            if (candidate.ToString().Equals(text, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        value = default;
        expected = "one of " + string.Join(", ", Enum.GetValues<T>().Select(ChoiceName));
        return false;
    }

    private static bool TryNetwork(string text, out IPNetwork value, [NotNullWhen(false)] out string? expected)
    {
        expected = AddressText.TryParseNetwork(text, out value) ? null : "an address or a network such as 10.0.0.0/8";
        return expected is null;
    }
}
