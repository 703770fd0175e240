using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Text;
using ZeroFtp.Protocol.Sessions;
using ZeroFtp.Protocol.Transfer.Conversion;

namespace ZeroFtp.Tests.Protocol.Transfer;

public sealed class TransferPipelineTests
{
    private static readonly TransferShape Ascii = new(IsAscii: true);

    public static TheoryData<bool, bool, int?> Shapes => new()
    {
        { true, false, null },
        { true, true, null },
        { false, true, null },
        { false, false, 1 },
        { true, false, 9 },
        { true, true, 0 },
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void A_plain_transfer_has_no_converters()
    {
        Pipe pipe = new();
        Assert.Same(pipe.Writer, TransferPipeline.Sender(pipe.Writer, TransferShape.Plain));
        Assert.Same(pipe.Reader, TransferPipeline.Receiver(pipe.Reader, TransferShape.Plain));
        Assert.True(TransferShape.Plain.IsPlain);
        Assert.Null(TransferPipeline.FailureOf(pipe.Reader));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Large_contents_full_of_marks_survive(bool ascii, bool records, int? level)
    {
        Random random = new(4711);
        byte[] content = new byte[300_000];
        ReadOnlySpan<byte> marks = [(byte)'\n', 0xFF, 1, 2, 3, (byte)'x'];
        foreach (ref byte value in content.AsSpan())
            value = marks[random.Next(marks.Length)];
        TransferShape shape = new(ascii, records, level);
        Assert.False(shape.IsPlain);
        byte[] whole = await Sending.SendAsync(shape, [content], inPlace: true);
        byte[] cut = await Sending.SendAsync(shape, Cuts.At(content, [5000, 70_001, 70_002, 131_072]), inPlace: false);
        foreach (byte[] sent in new[] { whole, cut })
        {
            foreach (int size in new[] { 1000, 65_536, 1_000_000 })
            {
                PipeReader receiver = TransferPipeline.Receiver(PipeReader.Create(new MemoryStream(sent), new StreamPipeReaderOptions(bufferSize: size)), shape);
                Assert.Equal(content, await Cuts.ReadAllAsync(receiver));
            }
        }
    }

    [Fact]
    public async Task A_cancelled_read_loses_nothing()
    {
        foreach (TransferShape shape in new[] { Ascii, new TransferShape(false, false, 6), new TransferShape(true, true, 6) })
        {
            byte[] sent = await Sending.SendAsync(shape, ["hello\nworld\n"u8.ToArray()], inPlace: true);
            Pipe pipe = new();
            PipeReader receiver = TransferPipeline.Receiver(pipe.Reader, shape);
            ValueTask<ReadResult> waiting = receiver.ReadAsync(Token);
            Assert.False(waiting.IsCompleted);
            receiver.CancelPendingRead();
            ReadResult result = await waiting;
            Assert.True(result.IsCanceled && result.Buffer.IsEmpty);
            receiver.AdvanceTo(result.Buffer.End);
            await pipe.Writer.WriteAsync(sent.AsMemory(0, 3), Token);
            await pipe.Writer.WriteAsync(sent.AsMemory(3), Token);
            await pipe.Writer.CompleteAsync();
            Assert.Equal("hello\nworld\n", Encoding.ASCII.GetString(await Cuts.ReadAllAsync(receiver)));
        }
    }

    [Fact]
    public async Task What_is_not_consumed_is_shown_again_with_more()
    {
        PipeReader receiver = TransferPipeline.Receiver(PipeReader.Create(Cuts.Sequence([[.. "ab\r"u8], [.. "\nc"u8]])), Ascii);
        ReadResult result = await receiver.ReadAsync(Token);
        receiver.AdvanceTo(result.Buffer.GetPosition(1), result.Buffer.End);
        result = await receiver.ReadAsync(Token);
        Assert.True(result.IsCompleted);
        Assert.Equal("b\nc", Encoding.ASCII.GetString(result.Buffer.ToArray()));
        receiver.AdvanceTo(result.Buffer.End);
        Assert.True((await receiver.ReadAsync(Token)).IsCompleted);
    }

    [Fact]
    public async Task A_fault_is_thrown_again_by_each_further_read()
    {
        PipeReader receiver = TransferPipeline.Receiver(PipeReader.Create(new MemoryStream([0xFF])), new TransferShape(false, true));
        TransferDataException first = await Assert.ThrowsAsync<TransferDataException>(async () => await receiver.ReadAsync(Token));
        Assert.Same(first, await Assert.ThrowsAsync<TransferDataException>(async () => await receiver.ReadAsync(Token)));
    }

    [Fact]
    public async Task A_fault_behind_a_second_converter_is_found()
    {
        byte[] sent = await Sending.SendAsync(new TransferShape(true, false, 6), ["hello\n"u8.ToArray()], inPlace: true);
        PipeReader receiver = TransferPipeline.Receiver(PipeReader.Create(new MemoryStream(sent[..^1])), new TransferShape(true, false, 6));
        await Assert.ThrowsAsync<TransferDataException>(() => Cuts.ReadAllAsync(receiver));
        Assert.Equal(TransferDataFault.Truncated, TransferPipeline.FailureOf(receiver)!.Fault);
    }

    [Fact]
    public async Task Writing_stops_when_nobody_reads_any_more()
    {
        using LengthCounter link = new(limit: 10);
        PipeWriter sender = TransferPipeline.Sender(link, Ascii);
        Assert.True((await sender.WriteAsync(new byte[10 << 20], Token)).IsCompleted);
        Assert.InRange(link.Count, 11, 100_000);
        Assert.True((await sender.FlushAsync(Token)).IsCompleted);
    }

    [Fact]
    public async Task Disposing_leaves_the_connection_open_and_completing_does_not()
    {
        Pipe pipe = new();
        PipeWriter sender = TransferPipeline.Sender(pipe.Writer, new TransferShape(true, false, 6));
        await sender.WriteAsync("x"u8.ToArray(), Token);
        ((IDisposable)sender).Dispose();
        await pipe.Writer.WriteAsync("y"u8.ToArray(), Token);
        sender = TransferPipeline.Sender(pipe.Writer, Ascii);
        await sender.CompleteAsync(new InvalidOperationException("given up"));
        Assert.Equal("given up", (await Assert.ThrowsAsync<InvalidOperationException>(() => Cuts.ReadAllAsync(pipe.Reader))).Message);
    }

    [Fact]
    public async Task Finishing_twice_writes_one_end()
    {
        MemoryStream link = new();
        PipeWriter writer = PipeWriter.Create(link);
        PipeWriter sender = TransferPipeline.Sender(writer, new TransferShape(true, true, 6));
        await TransferPipeline.FinishAsync(sender, Token);
        await TransferPipeline.FinishAsync(sender, Token);
        using ZLibStream zlib = new(new MemoryStream(link.ToArray()), CompressionMode.Decompress);
        MemoryStream content = new();
        await zlib.CopyToAsync(content, Token);
        Assert.Equal<byte>([0xFF, 0x02], content.ToArray());
    }
}
