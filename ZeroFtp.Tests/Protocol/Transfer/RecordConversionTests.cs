using System.IO.Pipelines;
using System.Text;
using CsCheck;
using ZeroFtp.Protocol.Sessions;
using ZeroFtp.Protocol.Transfer.Conversion;

namespace ZeroFtp.Tests.Protocol.Transfer;

public sealed class RecordConversionTests
{
    private static readonly TransferShape Text = new(IsAscii: true, IsRecords: true);
    private static readonly TransferShape Image = new(IsAscii: false, IsRecords: true);

    [Theory]
    [InlineData("hello\nworld\n", "hello\xff\x01world\xff\x01\xff\x02")]
    [InlineData("a\r\nb", "a\r\xff\x01" + "b\xff\x02")]
    [InlineData("\xff\n", "\xff\xff\xff\x01\xff\x02")]
    [InlineData("", "\xff\x02")]
    public async Task Each_line_of_a_text_is_a_record(string content, string expected)
    {
        foreach (byte[] sent in await Sending.SendAllWaysAsync(Text, Encoding.Latin1.GetBytes(content), [1]))
            Assert.Equal(expected, Encoding.Latin1.GetString(sent));
    }

    [Theory]
    [InlineData("a\n\xff", "a\n\xff\xff\xff\x03")]
    [InlineData("", "\xff\x03")]
    public async Task Any_other_file_is_one_record(string content, string expected)
    {
        foreach (byte[] sent in await Sending.SendAllWaysAsync(Image, Encoding.Latin1.GetBytes(content), [1]))
            Assert.Equal(expected, Encoding.Latin1.GetString(sent));
    }

    [Theory]
    [InlineData(true, "ab\xff\x01" + "c\xff\xff\xff\x03", "ab\nc\xff\n")]
    [InlineData(true, "ab\xff\x02", "ab")]
    [InlineData(true, "\xff\x02", "")]
    [InlineData(false, "ab\xff\x01" + "c\xff\xff\xff\x03", "abc\xff")]
    public async Task Marks_are_read(bool isText, string data, string expected)
    {
        foreach (PipeReader reader in Cuts.Readers(Encoding.Latin1.GetBytes(data), [1, 3]))
            Assert.Equal(expected, Encoding.Latin1.GetString(await Cuts.ReadAllAsync(TransferPipeline.Receiver(reader, isText ? Text : Image))));
    }

    [Theory]
    [InlineData("", TransferDataFault.Truncated)]
    [InlineData("ab", TransferDataFault.Truncated)]
    [InlineData("ab\xff", TransferDataFault.Truncated)]
    [InlineData("ab\xff\x01", TransferDataFault.Truncated)]
    [InlineData("ab\xff\x02" + "c", TransferDataFault.Corrupt)]
    [InlineData("ab\xff\x03\xff\x03", TransferDataFault.Corrupt)]
    [InlineData("ab\xff\x04\xff\x02", TransferDataFault.Corrupt)]
    [InlineData("ab\xff\x00\xff\x02", TransferDataFault.Corrupt)]
    internal async Task Data_without_their_end_and_wrong_codes_are_refused(string data, TransferDataFault fault)
    {
        foreach (PipeReader reader in Cuts.Readers(Encoding.Latin1.GetBytes(data), [1, 3]))
        {
            PipeReader receiver = TransferPipeline.Receiver(reader, Text);
            TransferDataException exception = await Assert.ThrowsAsync<TransferDataException>(() => Cuts.ReadAllAsync(receiver));
            Assert.Equal(fault, exception.Fault);
            Assert.Same(exception, TransferPipeline.FailureOf(receiver));
        }
    }

    [Fact]
    public async Task Whatever_is_sent_is_received_again() => await Gen.Select(Cuts.Data, Gen.Bool).SampleAsync(async (sample, isText) =>
    {
        byte[][] all = await Sending.SendAllWaysAsync(isText ? Text : Image, sample.Data, sample.Cuts);
        foreach (byte[] sent in all)
            Assert.Equal(all[0], sent);
        foreach (PipeReader reader in Cuts.Readers(all[0], sample.Cuts))
            Assert.Equal(sample.Data, await Cuts.ReadAllAsync(TransferPipeline.Receiver(reader, isText ? Text : Image)));
    });
}
