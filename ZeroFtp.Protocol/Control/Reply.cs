using System.Text;

namespace ZeroFtp.Protocol.Control;

/// <summary>
/// A reply: a code with one line of text or several (RFC 959 section 4.2). Texts use the FtpText mapping; the writer replaces control characters and
/// doubles 0xFF. Constant replies are encoded once.
/// </summary>
internal readonly struct Reply
{
    private Reply(int code, string text, IReadOnlyList<string>? lines, ReadOnlyMemory<byte> encoded, bool isPart = false, bool hasPath = false)
    {
        Code = code;
        Text = text;
        Lines = lines;
        Encoded = encoded;
        IsPart = isPart;
        HasPath = hasPath;
    }

    public int Code { get; }

    /// <summary>The text of the last or only line.</summary>
    public string Text { get; }

    /// <summary>The lines before the last; null for a single-line reply. The first is written after <c>ddd-</c>, the others after one space.</summary>
    public IReadOnlyList<string>? Lines { get; }

    /// <summary>The bytes of a constant reply or of a part; empty for a reply that is encoded when written.</summary>
    public ReadOnlyMemory<byte> Encoded { get; }

    /// <summary>True for complete lines of a multi-line reply that has more to come.</summary>
    public bool IsPart { get; }

    /// <summary>
    /// True if clients take a pathname from the reply. Its control characters are sent as they are, except those that would end the line, so that the path leads
    /// back to the entry.
    /// </summary>
    public bool HasPath { get; }

    public bool IsNone => Code == 0;

    public bool IsPositive => Code is >= 200 and < 400;

    /// <summary>No reply.</summary>
    public static Reply None => default;

    public static Reply Of(int code, string text) => new(code, text, null, default);

    public static Reply Of(int code, IReadOnlyList<string> linesBefore, string text) => new(code, text, linesBefore.Count == 0 ? null : linesBefore, default);

    /// <summary>Creates a reply that <see cref="HasPath"/>.</summary>
    public static Reply OfPath(int code, string text) => new(code, text, null, default, hasPath: true);

    /// <summary>Creates a reply of several lines that <see cref="HasPath"/>.</summary>
    public static Reply OfPath(int code, IReadOnlyList<string> linesBefore, string text) => new(code, text, linesBefore.Count == 0 ? null : linesBefore, default, hasPath: true);

    /// <summary>Creates a reply from complete lines; the last becomes the final line.</summary>
    public static Reply OfLines(int code, IReadOnlyList<string> lines) => lines.Count == 1 ? Of(code, lines[0]) : Of(code, [.. lines.SkipLast(1)], lines[^1]);

    /// <summary>Creates a constant ASCII reply.</summary>
    public static Reply Constant(int code, string text) => new(code, text, null, Encoding.ASCII.GetBytes($"{code} {text}\r\n"));

    /// <summary>Creates a part of a longer reply from complete lines. The caller owns the bytes and may change them after the next flush.</summary>
    public static Reply Part(int code, ReadOnlyMemory<byte> lines) => new(code, "(more lines follow)", null, lines, isPart: true);

    /// <summary>Returns the last line for logs, with control characters replaced.</summary>
    public override string ToString() => $"{Code} {Printable.Text(Text)}";
}
