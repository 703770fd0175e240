using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ZeroFtp.Tests.Transcripts;

/// <summary>How transcripts write octets: UTF-8 text with <c>\r \n \t \0 \s \\ \xNN</c>; <c>…</c> and <c>...</c> stand for anything in what the server says. Octet strings have one character an octet.</summary>
internal static partial class Octets
{
    public static string Unescape(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(Escape().Replace(text, static match => Mark(match.Value)))).Pipe(Unmark);

    /// <summary>Whether octets are as the pattern says.</summary>
    public static bool Matches(string pattern, string octets)
    {
        string[] parts = [.. Anything().Split(pattern).Select(static part => Regex.Escape(Unescape(part)))];
        return Regex.IsMatch(octets, "^" + string.Join(".*", parts) + "$", RegexOptions.Singleline | RegexOptions.CultureInvariant);
    }

    /// <summary>Octets for people.</summary>
    public static string Show(string octets)
    {
        StringBuilder text = new();
        string decoded = Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(octets.Length > 2000 ? octets[..2000] : octets));
        foreach (char c in decoded)
        {
            _ = c switch
            {
                '\r' => text.Append("\\r"),
                '\n' => text.Append("\\n"),
                < ' ' or '\x7f' => text.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}"),
                _ => text.Append(c),
            };
        }
        return octets.Length > 2000 ? text.Append(CultureInfo.InvariantCulture, $"… ({octets.Length} octets)").ToString() : text.ToString();
    }

    // Escaped octets travel through the UTF-8 encoder as private-use characters, three octets each, and are put back behind it.
    private static string Mark(string escape)
    {
        int octet = escape[1] switch
        {
            'r' => '\r',
            'n' => '\n',
            't' => '\t',
            's' => ' ',
            '0' => 0,
            'x' => int.Parse(escape.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
            _ => escape[1],
        };
        return ((char)(0xE000 + octet)).ToString();
    }

    private static string Unmark(string octets) => Marked().Replace(octets, static match =>
        ((char)(((match.Value[1] & 0x3F) << 6) | (match.Value[2] & 0x3F))).ToString());

    private static string Pipe(this string text, Func<string, string> next) => next(text);

    [GeneratedRegex(@"\\(x[0-9a-fA-F]{2}|.)")]
    private static partial Regex Escape();

    [GeneratedRegex("\u00EE[\u0080-\u0083][\u0080-\u00BF]")]
    private static partial Regex Marked();

    [GeneratedRegex(@"\.\.\.|…")]
    private static partial Regex Anything();
}
