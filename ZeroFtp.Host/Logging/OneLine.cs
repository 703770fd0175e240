using System.Buffers;
using System.Globalization;

namespace ZeroFtp.Host.Logging;

/// <summary>Keeps a text that clients had a hand in on its line: control characters, which could forge lines or steer a terminal, are written as <c>\x1b</c>.</summary>
internal static class OneLine
{
    private static readonly SearchValues<char> Unsafe =
        SearchValues.Create([.. Enumerable.Range(0, 0x20).Concat(Enumerable.Range(0x7f, 0x21)).Select(code => (char)code), '\u2028', '\u2029']);

    public static void Write(TextWriter writer, ReadOnlySpan<char> text)
    {
        for (int cut = text.IndexOfAny(Unsafe); cut >= 0; cut = text.IndexOfAny(Unsafe))
        {
            writer.Write(text[..cut]);
            writer.Write(string.Create(CultureInfo.InvariantCulture, $"\\x{(int)text[cut]:x2}"));
            text = text[(cut + 1)..];
        }
        writer.Write(text);
    }

    /// <summary>Writes an exception, each of its lines behind a prefix and kept on it.</summary>
    public static void Write(TextWriter writer, Exception exception, string prefix)
    {
        foreach (ReadOnlySpan<char> line in exception.ToString().AsSpan().EnumerateLines())
        {
            writer.Write(prefix);
            Write(writer, line);
            writer.WriteLine();
        }
    }
}
