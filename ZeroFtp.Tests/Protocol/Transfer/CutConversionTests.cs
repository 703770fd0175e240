using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Sessions;
using ZeroFtp.Protocol.Transfer.Conversion;

namespace ZeroFtp.Tests.Protocol.Transfer;

/// <summary>An upload that breaks off loses nothing of what arrived, whatever it was converted from.</summary>
public sealed class CutConversionTests
{
    private static readonly byte[] Content = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 40_000).Select(i => $"{i * 7919 % 10_007}\n")));

    public static TheoryData<bool, bool, int?> Shapes => new()
    {
        { true, false, null },
        { true, true, null },
        { false, true, null },
        { false, false, 6 },
        { true, false, 6 },
        { true, true, 0 },
        { false, true, 9 },
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task All_that_arrived_is_given_and_then_the_failure(bool ascii, bool records, int? level)
    {
        TransferShape shape = new(ascii, records, level);
        byte[] sent = await Sending.SendAsync(shape, [Content], inPlace: true);
        foreach (int cut in new[] { 100, 5_000, sent.Length / 2, sent.Length - 10 })
        {
            foreach (int waitsFor in new[] { 1, 1_000_000 })
            {
                PipeReader receiver = TransferPipeline.Receiver(PipeReader.Create(new BrokenStream(sent[..cut])), shape);
                (byte[] got, Exception failure) = await ReadToFailureAsync(receiver, waitsFor);
                Assert.Equal("broken", failure.Message);
                AssertIsAllOf(sent[..cut], shape, got);
            }
        }
    }

    /// <summary>The end of the connection is no end of a record structure or a zlib stream: what arrived is a part.</summary>
    [Theory]
    [InlineData(true, true, null)]
    [InlineData(false, false, 6)]
    [InlineData(true, true, 6)]
    public async Task Data_without_their_end_mark_are_given_too(bool ascii, bool records, int? level)
    {
        TransferShape shape = new(ascii, records, level);
        byte[] sent = (await Sending.SendAsync(shape, [Content], inPlace: true))[..^10];
        PipeReader receiver = TransferPipeline.Receiver(PipeReader.Create(new MemoryStream(sent)), shape);
        (byte[] got, Exception failure) = await ReadToFailureAsync(receiver, 1_000_000);
        Assert.Equal(TransferDataFault.Truncated, Assert.IsType<TransferDataException>(failure).Fault);
        Assert.Equal(TransferDataFault.Truncated, TransferPipeline.FailureOf(receiver)!.Fault);
        AssertIsAllOf(sent, shape, got);
    }

    [Fact]
    public async Task A_driver_over_a_stream_writes_what_it_has_gathered()
    {
        MemoryStream stored = new();
        await using StreamUpload upload = new(stored, _ => throw new InvalidOperationException());
        await Assert.ThrowsAsync<IOException>(async () => await upload.CopyFromAsync(PipeReader.Create(new BrokenStream(Content[..1000])), Token));
        Assert.Equal(Content[..1000], stored.ToArray());
    }

    /// <summary>As a driver does that wants large pieces: what was too little lies in the reader when the failure is thrown.</summary>
    private static async Task<(byte[] Got, Exception Failure)> ReadToFailureAsync(PipeReader receiver, int waitsFor)
    {
        ArrayBufferWriter<byte> all = new();
        try
        {
            while (true)
            {
                ReadResult result = await receiver.ReadAtLeastAsync(waitsFor, Token);
                Take(result);
                Assert.False(result.IsCompleted);
            }
        }
        catch (Exception exception) when (exception is IOException or TransferDataException)
        {
            receiver.CancelPendingRead();
            while (receiver.TryRead(out ReadResult rest))
            {
                Take(rest);
                if (rest.Buffer.IsEmpty)
                    break;
            }
            return (all.WrittenSpan.ToArray(), exception);
        }

        void Take(ReadResult result)
        {
            foreach (ReadOnlyMemory<byte> segment in result.Buffer)
                all.Write(segment.Span);
            receiver.AdvanceTo(result.Buffer.End);
        }
    }

    /// <summary>Compares with a slow, plain reading of the same bytes.</summary>
    private static void AssertIsAllOf(byte[] sent, TransferShape shape, byte[] got)
    {
        byte[] plain = sent;
        if (shape.DeflateLevel is not null)
        {
            using System.IO.Compression.DeflateStream inflater = new(new MemoryStream(sent[2..]), System.IO.Compression.CompressionMode.Decompress);
            MemoryStream inflated = new();
            inflater.CopyTo(inflated);
            plain = inflated.ToArray();
        }
        int length = 0;
        for (int i = 0; i < plain.Length; i++)
        {
            // Each mark that is whole counts: CR LF is one byte of content, and so is an end of record in a text; marks of another kind are none.
            if (shape.IsRecords && plain[i] == 0xFF)
                length += ++i < plain.Length && shape.IsAscii && plain[i] is 1 or 3 ? 1 : 0;
            else if (!(shape.IsAscii && !shape.IsRecords && plain[i] == '\r'))
                length++;
        }
        Assert.Equal(length, got.Length);
        Assert.True(Content.AsSpan().StartsWith(got));
    }

    private sealed class BrokenStream(byte[] content) : MemoryStream(content)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            await base.ReadAsync(buffer, cancellationToken) is > 0 and var count ? count : throw new IOException("broken");
    }
}
