using System.Text;

namespace ZeroFtp.Protocol.Control;

/// <summary>
/// One reply: a code and its text, or several lines (RFC 959 section 4.2). Texts are in the mapping of FtpText; the writer replaces control characters and doubles 0xFF.
/// A reply whose text never changes is encoded once.
/// </summary>
internal readonly struct Reply
{
    private Reply(int code, string text, IReadOnlyList<string>? lines, ReadOnlyMemory<byte> encoded, bool isPart = false)
    {
        Code = code;
        Text = text;
        Lines = lines;
        Encoded = encoded;
        IsPart = isPart;
    }

    public int Code { get; }

    /// <summary>The text of the only or the last line.</summary>
    public string Text { get; }

    /// <summary>The lines before the last: the first is written after <c>ddd-</c>, the others after one space; null for a single-line reply.</summary>
    public IReadOnlyList<string>? Lines { get; }

    /// <summary>The bytes of a constant reply or of a part; empty for a reply that is still to be encoded.</summary>
    public ReadOnlyMemory<byte> Encoded { get; }

    /// <summary>True for some whole lines of a multi-line reply that goes on.</summary>
    public bool IsPart { get; }

    public bool IsNone => Code == 0;

    public bool IsPositive => Code is >= 200 and < 400;

    /// <summary>No reply at all.</summary>
    public static Reply None => default;

    public static Reply Of(int code, string text) => new(code, text, null, default);

    public static Reply Of(int code, IReadOnlyList<string> linesBefore, string text) => new(code, text, linesBefore.Count == 0 ? null : linesBefore, default);

    /// <summary>A reply made of whole lines, the last one being the last line.</summary>
    public static Reply OfLines(int code, IReadOnlyList<string> lines) => lines.Count == 1 ? Of(code, lines[0]) : Of(code, [.. lines.SkipLast(1)], lines[^1]);

    /// <summary>A constant reply in plain ASCII.</summary>
    public static Reply Constant(int code, string text) => new(code, text, null, Encoding.ASCII.GetBytes($"{code} {text}\r\n"));

    /// <summary>Some whole lines of a reply that is sent in parts. The bytes belong to the caller and may change after the next flush.</summary>
    public static Reply Part(int code, ReadOnlyMemory<byte> lines) => new(code, "(more lines follow)", null, lines, isPart: true);

    /// <summary>The last line for a log, control characters replaced.</summary>
    public override string ToString() => $"{Code} {Printable.Text(Text)}";
}
