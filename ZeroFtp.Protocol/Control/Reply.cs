using System.Text;

namespace ZeroFtp.Protocol.Control;

/// <summary>
/// One reply: a code and its text, or several lines (RFC 959 section 4.2). Texts are in the mapping of FtpText; the writer replaces control characters and doubles 0xFF.
/// A reply whose text never changes is encoded once.
/// </summary>
internal readonly struct Reply
{
    private Reply(int code, string text, IReadOnlyList<string>? lines, byte[]? encoded)
    {
        Code = code;
        Text = text;
        Lines = lines;
        Encoded = encoded;
    }

    public int Code { get; }

    /// <summary>The text of the only or the last line.</summary>
    public string Text { get; }

    /// <summary>The lines before the last: the first is written after <c>ddd-</c>, the others after one space (or as they are if they begin with <c>ddd-</c>); null for a single-line reply.</summary>
    public IReadOnlyList<string>? Lines { get; }

    /// <summary>The whole reply as octets, if it is a constant one.</summary>
    public byte[]? Encoded { get; }

    public bool IsNone => Code == 0;

    public bool IsPositive => Code is >= 200 and < 400;

    /// <summary>No reply at all.</summary>
    public static Reply None => default;

    public static Reply Of(int code, string text) => new(code, text, null, null);

    public static Reply Of(int code, IReadOnlyList<string> linesBefore, string text) => new(code, text, linesBefore.Count == 0 ? null : linesBefore, null);

    /// <summary>A reply made of whole lines, the last one being the last line.</summary>
    public static Reply OfLines(int code, IReadOnlyList<string> lines) => lines.Count == 1 ? Of(code, lines[0]) : Of(code, [.. lines.SkipLast(1)], lines[^1]);

    /// <summary>A constant reply in plain ASCII.</summary>
    public static Reply Constant(int code, string text) => new(code, text, null, Encoding.ASCII.GetBytes($"{code} {text}\r\n"));

    /// <summary>The last line for a log, control characters replaced.</summary>
    public override string ToString() => $"{Code} {Printable.Text(Text)}";
}
