using System.Buffers;
using System.Buffers.Text;
using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Protocol.Control;

/// <summary>
/// Encodes replies. Control characters become <c>?</c>, in a reply that <see cref="Reply.HasPath"/> only those that no pathname can contain, so that no name can
/// inject a line; 0xFF is doubled (RFC 854).
/// </summary>
internal static class ReplyWriter
{
    private static readonly SearchValues<byte> LineEnds = SearchValues.Create("\0\r\n"u8);

    public static void Write(IBufferWriter<byte> output, in Reply reply)
    {
        if (!reply.Encoded.IsEmpty)
        {
            output.Write(reply.Encoded.Span);
            return;
        }
        if (reply.Lines is { } lines)
        {
            for (int i = 0; i < lines.Count; i++)
            {
                if (i == 0)
                    WriteLine(output, reply.Code, (byte)'-', lines[i], reply.HasPath);
                else
                    WriteText(output, " "u8, lines[i], reply.HasPath);
            }
        }
        WriteLine(output, reply.Code, (byte)' ', reply.Text, reply.HasPath);
    }

    /// <summary>Writes the first line of a multi-line reply.</summary>
    public static void WriteOpening(IBufferWriter<byte> output, int code, string text) => WriteLine(output, code, (byte)'-', text, hasPath: false);

    /// <summary>
    /// Writes a line between the first and the last. Its leading spaces are trimmed and replaced with one space, so that it cannot
    /// look like a separate reply.
    /// </summary>
    public static void WriteMiddle(IBufferWriter<byte> output, in ReadOnlySequence<byte> line)
    {
        int length = (int)line.Length;
        Span<byte> span = output.GetSpan((length * 2) + 3);
        span[0] = (byte)' ';
        line.CopyTo(span[1..]);
        Span<byte> text = span.Slice(1, length);
        int blanks = text.IndexOfAnyExcept((byte)' ');
        if (blanks > 0)
        {
            text[blanks..].CopyTo(text);
            length -= blanks;
        }
        output.Advance(1 + Finish(span[1..], length, hasPath: false));
    }

    private static void WriteLine(IBufferWriter<byte> output, int code, byte separator, string text, bool hasPath)
    {
        Span<byte> head = stackalloc byte[4];
        Utf8Formatter.TryFormat(code, head, out _);
        head[3] = separator;
        WriteText(output, head, text, hasPath);
    }

    private static void WriteText(IBufferWriter<byte> output, ReadOnlySpan<byte> head, string text, bool hasPath)
    {
        int byteCount = FtpText.GetByteCount(text);
        Span<byte> span = output.GetSpan(head.Length + (byteCount * 2) + 2);
        head.CopyTo(span);
        int written = head.Length;
        FtpText.Encode(text, span.Slice(written, byteCount));
        output.Advance(written + Finish(span[written..], byteCount, hasPath));
    }

    /// <summary>Sanitizes the text at the start of the span and appends the line ending.</summary>
    /// <returns>The length of the line including its ending.</returns>
    private static int Finish(Span<byte> span, int length, bool hasPath)
    {
        Span<byte> body = span[..length];
        if (hasPath)
            body.ReplaceAny(LineEnds, (byte)'?');
        else
            Sanitize(body);
        int doubled = body.Count((byte)0xFF);
        if (doubled > 0)
            DoubleIac(span, length, doubled);
        int end = length + doubled;
        span[end] = (byte)'\r';
        span[end + 1] = (byte)'\n';
        return end + 2;
    }

    private static void Sanitize(Span<byte> bytes)
    {
        for (int i = bytes.IndexOfAnyInRange((byte)0, (byte)0x1F); i >= 0;)
        {
            if (bytes[i] != (byte)'\t')
                bytes[i] = (byte)'?';
            int next = bytes[(i + 1)..].IndexOfAnyInRange((byte)0, (byte)0x1F);
            i = next < 0 ? -1 : i + 1 + next;
        }
        bytes.Replace((byte)0x7F, (byte)'?');
    }

    private static void DoubleIac(Span<byte> span, int length, int extra)
    {
        for (int from = length - 1, to = length + extra - 1; from >= 0; from--)
        {
            byte value = span[from];
            span[to--] = value;
            if (value == 0xFF)
                span[to--] = value;
        }
    }
}
