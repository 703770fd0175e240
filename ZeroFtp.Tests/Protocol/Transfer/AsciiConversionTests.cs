using System.IO.Pipelines;
using System.Text;
using CsCheck;
using ZeroFtp.Protocol.Sessions;
using ZeroFtp.Protocol.Transfer.Conversion;

namespace ZeroFtp.Tests.Protocol.Transfer;

public sealed class AsciiConversionTests
{
    private static readonly TransferShape Ascii = new(IsAscii: true);

    [Theory]
    [InlineData("hello\nworld\n", "hello\r\nworld\r\n")]
    [InlineData("a\r\nb\r\n", "a\r\nb\r\n")]
    [InlineData("a\nb\r\nc\rd", "a\r\nb\r\nc\rd")]
    [InlineData("\n", "\r\n")]
    [InlineData("\n\n", "\r\n\r\n")]
    [InlineData("\r\n\n", "\r\n\r\n")]
    [InlineData("", "")]
    public async Task Ends_of_line_are_sent_as_crlf(string content, string expected)
    {
        foreach (byte[] sent in await Sending.SendAllWaysAsync(Ascii, Encoding.Latin1.GetBytes(content), []))
            Assert.Equal(expected, Encoding.Latin1.GetString(sent));
    }

    [Theory]
    [InlineData("a\r\nb\r\n", "a\nb\n")]
    [InlineData("a\rb\nc\r\n", "a\rb\nc\n")]
    [InlineData("x\r\ny\r", "x\ny\r")]
    [InlineData("\r\r\n", "\r\n")]
    [InlineData("\r", "\r")]
    [InlineData("", "")]
    public async Task Crlf_is_stored_as_lf(string data, string expected)
    {
        foreach (PipeReader reader in Cuts.Readers(Encoding.Latin1.GetBytes(data), [1, 2]))
            Assert.Equal(expected, Encoding.Latin1.GetString(await Cuts.ReadAllAsync(TransferPipeline.Receiver(reader, Ascii))));
    }

    [Fact]
    public async Task Sending_is_what_a_slow_converter_does() => await Cuts.Data.SampleAsync(async sample =>
    {
        byte[] expected = SlowExpand(sample.Data);
        foreach (byte[] sent in await Sending.SendAllWaysAsync(Ascii, sample.Data, sample.Cuts))
            Assert.Equal(expected, sent);
    });

    [Fact]
    public async Task Receiving_is_what_a_slow_converter_does() => await Cuts.Data.SampleAsync(async sample =>
    {
        byte[] expected = Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(sample.Data).Replace("\r\n", "\n", StringComparison.Ordinal));
        foreach (PipeReader reader in Cuts.Readers(sample.Data, sample.Cuts))
            Assert.Equal(expected, await Cuts.ReadAllAsync(TransferPipeline.Receiver(reader, Ascii)));
    });

    [Fact]
    public async Task A_large_text_survives_both_ways()
    {
        byte[] content = [.. Enumerable.Range(0, 1 << 20).Select(index => index % 61 == 60 ? (byte)'\n' : (byte)(0x80 + (index % 0x80)))];
        byte[] sent = await Sending.SendAsync(Ascii, [content], inPlace: false);
        Assert.Equal(content.Length + content.Count(value => value == '\n'), sent.Length);
        Assert.Equal(content, await Cuts.ReadAllAsync(TransferPipeline.Receiver(PipeReader.Create(new MemoryStream(sent)), Ascii)));
    }

    [Fact]
    public async Task The_length_is_counted_without_sending() => await Cuts.Data.SampleAsync(async sample =>
    {
        using LengthCounter counter = new(long.MaxValue);
        PipeWriter sender = TransferPipeline.Sender(counter, Ascii);
        foreach (byte[] part in Cuts.At(sample.Data, sample.Cuts))
            await sender.WriteAsync(part);
        await TransferPipeline.FinishAsync(sender, CancellationToken.None);
        Assert.Equal(SlowExpand(sample.Data).Length, counter.Count);
    });

    [Fact]
    public async Task Counting_stops_beyond_the_limit()
    {
        using LengthCounter counter = new(limit: 100);
        PipeWriter sender = TransferPipeline.Sender(counter, Ascii);
        FlushResult result = await sender.WriteAsync(new byte[100], TestContext.Current.CancellationToken);
        Assert.False(result.IsCompleted || counter.IsBeyondLimit);
        result = await sender.WriteAsync(new byte[1_000_000], TestContext.Current.CancellationToken);
        Assert.True(result.IsCompleted && counter.IsBeyondLimit);
        Assert.InRange(counter.Count, 101, 100_000);
    }

    private static byte[] SlowExpand(byte[] content)
    {
        List<byte> result = [];
        foreach (byte value in content)
        {
            if (value == '\n' && (result.Count == 0 || result[^1] != '\r'))
                result.Add((byte)'\r');
            result.Add(value);
        }
        return [.. result];
    }
}
