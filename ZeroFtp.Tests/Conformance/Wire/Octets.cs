using System.Text;

namespace ZeroFtp.Conformance.Wire;

/// <summary>Between octets and text. On the wire a command is octets; in a check it is easier to read as text.</summary>
internal static class Octets
{
    /// <summary>Each character is one octet: <c>Raw("a\xffb")</c>.</summary>
    public static byte[] Raw(string text) => Encoding.Latin1.GetBytes(text);

    /// <summary>Text as UTF-8.</summary>
    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>Each octet as one character, so that nothing is lost.</summary>
    public static string Text(ReadOnlySpan<byte> octets) => Encoding.Latin1.GetString(octets);

    /// <summary>A string whose characters are the UTF-8 octets of a name, as replies and listings present them.</summary>
    public static string AsSeen(string name) => Text(Utf8(name));

    /// <summary>A printable form, shortened when long.</summary>
    public static string Show(ReadOnlySpan<byte> octets)
        => octets.Length <= 120 ? $"\"{Escape(octets)}\"" : $"\"{Escape(octets[..100])}…{Escape(octets[^12..])}\"";

    public static string Show(string text) => Show(text.Any(c => c > 255) ? Utf8(text) : Raw(text));

    public static string Escape(ReadOnlySpan<byte> octets)
    {
        StringBuilder shown = new(octets.Length);
        foreach (byte octet in octets)
        {
            _ = octet switch
            {
                (byte)'\r' => shown.Append(@"\r"),
                (byte)'\n' => shown.Append(@"\n"),
                >= 0x20 and < 0x7f => shown.Append((char)octet),
                _ => shown.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\x{octet:x2}"),
            };
        }

        return shown.ToString();
    }
}
