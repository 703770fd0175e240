using System.Buffers;
using System.Buffers.Text;
using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Protocol.Control;

/// <summary>Turns replies into octets. Control characters become <c>?</c>, so no name can inject a line; 0xFF is doubled (RFC 854).</summary>
internal static class ReplyWriter
{
    public static void Write(IBufferWriter<byte> output, in Reply reply)
    {
        if (reply.Encoded is { } encoded)
        {
            output.Write(encoded);
            return;
        }
        if (reply.Lines is { } lines)
        {
            for (int i = 0; i < lines.Count; i++)
            {
                if (i == 0)
                    WriteLine(output, reply.Code, (byte)'-', lines[i]);
                else if (lines[i].StartsWith("553-", StringComparison.Ordinal))
                    WriteText(output, [], lines[i]);
                else
                    WriteText(output, " "u8, lines[i]);
            }
        }
        WriteLine(output, reply.Code, (byte)' ', reply.Text);
    }

    private static void WriteLine(IBufferWriter<byte> output, int code, byte separator, string text)
    {
        Span<byte> head = stackalloc byte[4];
        Utf8Formatter.TryFormat(code, head, out _);
        head[3] = separator;
        WriteText(output, head, text);
    }

    private static void WriteText(IBufferWriter<byte> output, ReadOnlySpan<byte> head, string text)
    {
        int octets = FtpText.GetByteCount(text);
        Span<byte> span = output.GetSpan(head.Length + (octets * 2) + 2);
        head.CopyTo(span);
        int written = head.Length;
        Span<byte> body = span.Slice(written, octets);
        FtpText.Encode(text, body);
        Sanitize(body);
        int doubled = body.Count((byte)0xFF);
        if (doubled > 0)
            DoubleIac(span[written..], octets, doubled);
        written += octets + doubled;
        span[written++] = (byte)'\r';
        span[written++] = (byte)'\n';
        output.Advance(written);
    }

    private static void Sanitize(Span<byte> octets)
    {
        for (int i = octets.IndexOfAnyInRange((byte)0, (byte)0x1F); i >= 0;)
        {
            if (octets[i] != (byte)'\t')
                octets[i] = (byte)'?';
            int next = octets[(i + 1)..].IndexOfAnyInRange((byte)0, (byte)0x1F);
            i = next < 0 ? -1 : i + 1 + next;
        }
        octets.Replace((byte)0x7F, (byte)'?');
    }

    private static void DoubleIac(Span<byte> span, int length, int extra)
    {
        for (int from = length - 1, to = length + extra - 1; from >= 0; from--)
        {
            byte octet = span[from];
            span[to--] = octet;
            if (octet == 0xFF)
                span[to--] = octet;
        }
    }
}
