using System.Buffers;
using System.Text;
using CsCheck;
using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Tests.Protocol.Control;

public sealed class ReplyWriterTests
{
    [Fact]
    public void Writes_single_and_several_lines()
    {
        Assert.Equal("200 OK.\r\n", Write(Reply.Of(200, "OK.")));
        Assert.Equal("200 OK.\r\n", Write(Reply.Constant(200, "OK.")));
        Assert.Equal("211-Features:\r\n UTF8\r\n TVFS\r\n211 End\r\n", Write(Reply.Of(211, ["Features:", "UTF8", "TVFS"], "End")));
        Assert.Equal("220-a\r\n b\r\n220 c\r\n", Write(Reply.OfLines(220, ["a", "b", "c"])));
        Assert.Equal("220 a\r\n", Write(Reply.OfLines(220, ["a"])));
    }

    [Fact]
    public void Doubles_0xFF_and_keeps_all_other_octets_of_names()
    {
        string odd = FtpText.Decode([0x61, 0xFF, 0xFF, 0xFE, 0x80]);
        Assert.Equal("257 \"/a\u00FF\u00FF\u00FF\u00FF\u00FE\u0080\"\r\n", Write(Reply.Of(257, $"\"/{odd}\"")));
    }

    [Fact]
    public void Keeps_control_characters_of_a_path_and_no_line_end()
    {
        Assert.Equal("257 \"/a\u0001\u001B\tb\u007F?\" created.\r\n", Write(Reply.OfPath(257, "\"/a\u0001\u001B\tb\u007F\n\" created.")));
        Assert.Equal("250-a?b\r\n \u0002f\r\n250 End\r\n", Write(Reply.OfPath(250, ["a\rb", "\u0002f"], "End")));
        Assert.Equal("550 Not found: a?\r\n", Write(Reply.Of(550, "Not found: a\u0001")));
    }

    /// <summary>Whatever the text, the reply has exactly its lines: nobody can put one in.</summary>
    [Fact]
    public void No_text_can_inject_a_line() => Gen.Select(Gen.Byte.Array[0, 60], Gen.Byte.Array[0, 60], Gen.Byte.Array[0, 60]).Sample(static (first, middle, last) =>
    {
        string written = Write(Reply.Of(250, [FtpText.Decode(first), FtpText.Decode(middle)], FtpText.Decode(last)));
        string[] lines = written.Split("\r\n");
        Assert.Equal(4, lines.Length);
        Assert.StartsWith("250-", lines[0], StringComparison.Ordinal);
        Assert.StartsWith(middle.AsSpan().StartsWith("553-"u8) ? "" : " ", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("250 ", lines[2], StringComparison.Ordinal);
        Assert.Equal("", lines[3]);
        Assert.DoesNotContain(string.Concat(lines), static c => c is < ' ' and not '\t' or '\u007f');
        byte[] expected = [.. last.Select(static value => value is < 0x20 and not (byte)'\t' or 0x7F ? (byte)'?' : value).SelectMany(static value => value == 0xFF ? new byte[] { value, value } : [value])];
        Assert.Equal(Encoding.Latin1.GetString(expected), lines[2][4..]);
    });

    private static string Write(Reply reply)
    {
        ArrayBufferWriter<byte> output = new();
        ReplyWriter.Write(output, reply);
        return Encoding.Latin1.GetString(output.WrittenSpan);
    }
}
