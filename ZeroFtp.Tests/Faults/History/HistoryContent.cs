using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ZeroFtp.Tests.Faults.History;

/// <summary>
/// Content that says itself which writes it is made of: each write is a mark, its length, and as many bytes that only it has. What a reader gets is read back as the marks in their order; anything else shows as the place
/// where it is broken, which no order of writes explains.
/// </summary>
internal static partial class HistoryContent
{
    /// <summary>The bytes of a write.</summary>
    public static byte[] Make(string mark, int length) => Encoding.ASCII.GetBytes($"<{mark}:{length}>{Filling(mark, length)}");

    /// <summary>The marks that bytes are made of.</summary>
    public static string Read(byte[] bytes)
    {
        string text = Encoding.Latin1.GetString(bytes);
        StringBuilder marks = new();
        int at = 0;
        while (at < text.Length)
        {
            Match head = Head().Match(text, at);
            if (!head.Success || head.Index != at || !int.TryParse(head.Groups[2].Value, CultureInfo.InvariantCulture, out int length))
                return $"{marks}(broken at byte {at} of {text.Length})";
            at += head.Length;
            if (at + length > text.Length || !text.AsSpan(at, length).SequenceEqual(Filling(head.Groups[1].Value, length)))
                return $"{marks}(broken in {head.Groups[1].Value} at byte {at} of {text.Length})";
            at += length;
            marks.Append(head.Groups[1].Value);
        }
        return marks.ToString();
    }

    private static string Filling(string mark, int length)
    {
        StringBuilder filling = new(length + 32);
        for (int i = 0; filling.Length < length; i++)
            filling.Append(CultureInfo.InvariantCulture, $"{mark}{i} ");
        return filling.ToString(0, length);
    }

    [GeneratedRegex("<([^:<>]+):([0-9]+)>")]
    private static partial Regex Head();
}
