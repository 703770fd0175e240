using System.IO.Compression;
using System.IO.Pipelines;
using System.Text;
using CsCheck;
using ZeroFtp.Protocol.Sessions;
using ZeroFtp.Protocol.Transfer.Conversion;

namespace ZeroFtp.Tests.Protocol.Transfer;

public sealed class DeflateConversionTests
{
    private static readonly TransferShape Deflate = new(IsAscii: false, DeflateLevel: 6);

    private static readonly byte[] Content = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 3000).Select(index => $"{index * index} ")));

    [Fact]
    public async Task What_is_sent_is_one_whole_zlib_stream() => await Gen.Select(Cuts.Data, Gen.Int[0, 9]).SampleAsync(async (sample, level) =>
    {
        foreach (byte[] sent in await Sending.SendAllWaysAsync(new TransferShape(false, false, level), sample.Data, sample.Cuts))
        {
            Assert.Equal(0x78, sent[0]);
            Assert.Equal(sample.Data, Inflate(sent));
            Assert.Equal(Checksum(sample.Data), sent[^4..]);
        }
    }, iter: 30);

    [Fact]
    public async Task Whatever_is_sent_is_received_again() => await Gen.Select(Cuts.Data, Gen.Int[0, 9], Gen.Bool, Gen.Bool).SampleAsync(async (sample, level, ascii, records) =>
    {
        TransferShape shape = new(ascii, records, level);
        byte[] content = ascii && !records ? [.. sample.Data.Where(value => value != '\r')] : sample.Data;
        byte[] sent = await Sending.SendAsync(shape, Cuts.At(content, sample.Cuts), inPlace: true);
        foreach (PipeReader reader in Cuts.Readers(sent, sample.Cuts))
        {
            PipeReader receiver = TransferPipeline.Receiver(reader, shape);
            Assert.Equal(content, await Cuts.ReadAllAsync(receiver));
            Assert.Null(TransferPipeline.FailureOf(receiver));
        }
    }, iter: 30);

    [Fact]
    public async Task The_type_is_converted_before_compression() =>
        Assert.Equal("hello\r\nworld\r\n"u8.ToArray(), Inflate(await Sending.SendAsync(new TransferShape(true, false, 6), ["hello\nworld\n"u8.ToArray()], inPlace: true)));

    [Fact]
    public async Task A_stream_cut_anywhere_is_truncated()
    {
        foreach (byte[] content in new[] { [], "x"u8.ToArray(), Content })
        {
            byte[] whole = await Sending.SendAsync(Deflate, [content], inPlace: true);
            for (int length = 0; length < whole.Length; length += length < 20 || length > whole.Length - 20 ? 1 : 97)
                await AssertFaultAsync(whole[..length], TransferDataFault.Truncated);
        }
    }

    [Fact]
    public async Task A_stream_with_rubbish_behind_it_is_refused()
    {
        foreach (byte[] content in new[] { [], "x"u8.ToArray(), Content })
        {
            byte[] whole = await Sending.SendAsync(Deflate, [content], inPlace: true);
            foreach (int rubbish in new[] { 1, 3, 4, 5, 100, 10_000 })
                await AssertFaultAsync([.. whole, .. Enumerable.Repeat((byte)0x55, rubbish)], TransferDataFault.Corrupt);

            // What ends in the right checksum too: the stream twice, the checksum twice.
            await AssertFaultAsync([.. whole, .. whole], TransferDataFault.Corrupt);
            await AssertFaultAsync([.. whole, .. whole[^4..]], TransferDataFault.Corrupt);
        }
    }

    [Fact]
    public async Task A_wrong_checksum_is_refused()
    {
        foreach (int index in new[] { 1, 2, 3, 4 })
        {
            byte[] whole = Compress(Content);
            whole[^index] ^= 0x10;
            await AssertFaultAsync(whole, TransferDataFault.Corrupt);
        }
    }

    [Fact]
    public async Task No_flipped_bit_changes_the_content_unnoticed()
    {
        byte[] content = Content[..200];
        byte[] whole = Compress(content);
        int unnoticed = 0;
        for (int bit = 0; bit < whole.Length * 8; bit++)
        {
            byte[] flipped = [.. whole];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            PipeReader receiver = TransferPipeline.Receiver(PipeReader.Create(new MemoryStream(flipped)), Deflate);
            try
            {
                Assert.Equal(content, await Cuts.ReadAllAsync(receiver));
                unnoticed++;
            }
            catch (TransferDataException exception)
            {
                Assert.Same(exception, TransferPipeline.FailureOf(receiver));
            }
        }

        // Up to seven bits fill the last byte of the deflate data and mean nothing.
        Assert.InRange(unnoticed, 0, 7);
    }

    [Theory]
    [InlineData("plain text, which is not compressed at all")]
    [InlineData("\x1f\x8b\x08")]
    [InlineData("\x78\x9d\x03\x00")]
    [InlineData("\x78\xbb\x00\x00")]
    [InlineData("\x88\x1c\x03\x00")]
    public async Task Other_formats_are_refused(string data) => await AssertFaultAsync(Encoding.Latin1.GetBytes(data), TransferDataFault.Corrupt);

    [Fact]
    public async Task An_empty_file_is_a_whole_stream_and_no_data_are_none()
    {
        byte[] sent = await Sending.SendAsync(Deflate, [], inPlace: true);
        Assert.Equal<byte>([0x78, 0x9C, 3, 0, 0, 0, 0, 1], sent);
        Assert.Empty(await Cuts.ReadAllAsync(TransferPipeline.Receiver(PipeReader.Create(new MemoryStream(sent)), Deflate)));
        await AssertFaultAsync([], TransferDataFault.Truncated);
    }

    [Fact]
    public async Task An_unfinished_download_lacks_its_end()
    {
        byte[] sent = await Sending.SendAsync(Deflate, [Content], inPlace: true, finish: false);
        await AssertFaultAsync(sent, TransferDataFault.Truncated);
    }

    [Fact]
    public async Task A_bomb_is_inflated_in_small_steps()
    {
        byte[] bomb = Compress(new byte[64 << 20]);
        PipeReader receiver = TransferPipeline.Receiver(PipeReader.Create(new MemoryStream(bomb)), Deflate);
        long total = 0;
        ReadResult result;
        do
        {
            result = await receiver.ReadAsync(TestContext.Current.CancellationToken);
            Assert.InRange(result.Buffer.Length, 0, 128 << 10);
            total += result.Buffer.Length;
            receiver.AdvanceTo(result.Buffer.End);
        }
        while (!result.IsCompleted);
        Assert.Equal(64 << 20, total);
    }

    private static async Task AssertFaultAsync(byte[] data, TransferDataFault? fault)
    {
        foreach (PipeReader reader in Cuts.Readers(data, [data.Length / 2, Math.Max(0, data.Length - 3)]))
        {
            PipeReader receiver = TransferPipeline.Receiver(reader, Deflate);
            TransferDataException exception = await Assert.ThrowsAsync<TransferDataException>(() => Cuts.ReadAllAsync(receiver));
            Assert.Equal(fault ?? exception.Fault, exception.Fault);
            Assert.Same(exception, TransferPipeline.FailureOf(receiver));
        }
    }

    private static byte[] Compress(byte[] content)
    {
        MemoryStream stream = new();
        using (ZLibStream zlib = new(stream, CompressionLevel.Optimal))
            zlib.Write(content);
        return stream.ToArray();
    }

    private static byte[] Inflate(byte[] data)
    {
        MemoryStream content = new();
        using ZLibStream zlib = new(new MemoryStream(data), CompressionMode.Decompress);
        zlib.CopyTo(content);
        return content.ToArray();
    }

    private static byte[] Checksum(byte[] content)
    {
        long first = 1;
        long second = 0;
        foreach (byte value in content)
        {
            first = (first + value) % 65521;
            second = (second + first) % 65521;
        }
        return [(byte)(second >> 8), (byte)second, (byte)(first >> 8), (byte)first];
    }
}
