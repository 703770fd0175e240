using System.Buffers;
using System.Text;
using CsCheck;
using ZeroFtp.Protocol.Control;
using ZeroFtp.Tests.Protocol.Transfer;

namespace ZeroFtp.Tests.Protocol.Control;

public sealed class ControlReaderTests
{
    private const int Limit = 24;

    /// <summary>Bytes full of what matters to the reader, with the places where to cut them.</summary>
    private static readonly Gen<(byte[] Data, int[] Cuts)> Data = Gen.Select(
        Gen.Frequency(
            (4, Gen.OneOf(Gen.Byte[(byte)'a', (byte)'e'], Gen.Const((byte)' ')).Array[1, 4]),
            (6, Gen.OneOf("\r"u8.ToArray(), "\n"u8.ToArray(), "\r\n"u8.ToArray(), [0])),
            (6, Gen.OneOf<byte[]>([0xFF, 0xF1], [0xFF, 0xFB, 24], [0xFF, 0xFD, 10], [0xFF, 0xFC, 13], [0xFF, 0xFF], [0xFF, 0xFA, 24, 0xFF, 0xFF, 0xFF, 0xF0], [0xF2], [0xFF])),
            (1, Gen.Byte.Array[1, 3])).Array[0, 40].Select(static tokens => tokens.SelectMany(static token => token).ToArray()),
        Gen.Int[0, 120].Array[0, 8]);

    [Fact]
    public void Reads_as_the_oracle_however_the_octets_are_cut() => Data.Sample(static sample =>
    {
        List<(LineStatus, string)> expected = LineOracle.Lines(sample.Data, Limit);
        Assert.Equal(expected, Read([sample.Data]));
        Assert.Equal(expected, Read(Cuts.At(sample.Data, sample.Cuts)));
        Assert.Equal(expected, Read(Cuts.Single(sample.Data)));
        Assert.Equal(expected, ReadOnce(Cuts.Sequence(Cuts.Single(sample.Data))));
        Assert.Equal(expected, ReadOnce(Cuts.Sequence(Cuts.At(sample.Data, sample.Cuts))));
    }, iter: 2000, print: static sample => $"{Convert.ToHexString(sample.Data)} cut at {string.Join(',', sample.Cuts)}");

    [Theory]
    [InlineData("NOOP\r\n", "NOOP")]
    [InlineData("NOOP\n", "NOOP")]
    [InlineData("\r\n", "")]
    [InlineData("A\r\0B\r\n", "A\rB")]
    [InlineData("A\r\0\nB\r\n", "A\r\nB")]
    [InlineData("A\rB\r\n", "A\rB")]
    [InlineData("A\r\r\n", "A")]
    [InlineData("A\r\r\r\r\n", "A")]
    [InlineData("A\r\rB\r\n", "A\r\rB")]
    [InlineData("A\r\r\0B\r\n", "A\r\rB")]
    [InlineData("A\0\r\n", "A")]
    [InlineData("A\0\n", "A")]
    [InlineData("A\r\n\0B\r\n", "A|B")]
    [InlineData("\0\r\n", "")]
    [InlineData("A\r\0\r\n", "A\r")]
    [InlineData("A\u00FF\u00FFB\r\n", "A\u00FFB")]
    [InlineData("A\r\u00FF\u00F1\nB\n", "A|B")]
    [InlineData("A\r\u00FF\u00FB\u0018\nB\n", "A|B")]
    [InlineData("A\r\u00FF\u00FF\nB\n", "A\r\u00FF|B")]
    [InlineData("\u00FF\u00F4\u00FF\u00F2ABOR\r\n", "ABOR")]
    [InlineData("\u00F2ABOR\r\n", "ABOR")]
    [InlineData("A\u00F2\r\n", "A\u00F2")]
    [InlineData("\u00FF\u00FA\u0018\u00FF\u00FF\u00FF\u00F0NOOP\r\n", "NOOP")]
    [InlineData("N\u00FF\u00F1OOP\r\nP", "NOOP")]
    public void Cuts_lines(string bytes, string lines) =>
        Assert.Equal(lines, string.Join('|', Read(Cuts.Single(Encoding.Latin1.GetBytes(bytes))).Select(static line => line.Line)));

    [Theory]
    [InlineData("A\0B\r\n")]
    [InlineData("A\0\0B\r\n")]
    [InlineData("A\0\r\r\0\n\r\n")]
    [InlineData("A\u00FF\u0041\r\n")]
    public void Finds_lines_void(string bytes) => Assert.Equal(LineStatus.Invalid, Assert.Single(Read([Encoding.Latin1.GetBytes(bytes)])).Status);

    [Fact]
    public void Discards_a_line_beyond_the_limit_and_reads_the_next()
    {
        byte[] bytes = Encoding.ASCII.GetBytes(new string('a', Limit) + "\r\n" + new string('b', Limit + 1) + "\r\nNOOP\r\n");
        Assert.Equal(
            [(LineStatus.Complete, new string('a', Limit)), (LineStatus.TooLong, ""), (LineStatus.Complete, "NOOP")],
            Read([bytes]));
    }

    [Fact]
    public void Refuses_every_option_once()
    {
        using ControlReader reader = new(Limit);
        ReadOnlySequence<byte> input = new([0xFF, 0xFB, 24, 0xFF, 0xFD, 1, 0xFF, 0xFC, 2, 0xFF, 0xFE, 3]);
        Assert.Equal(LineStatus.Incomplete, reader.TryRead(ref input, out _));
        Assert.True(reader.HasAnswers);
        Assert.Equal([0xFF, 0xFE, 24, 0xFF, 0xFC, 1], reader.TakeAnswers());
        Assert.False(reader.HasAnswers);
    }

    [Fact]
    public void Keeps_no_more_than_a_line_and_a_few_answers_of_endless_input()
    {
        using ControlReader reader = new(8192);
        byte[] letters = Enumerable.Repeat((byte)'a', 64 * 1024).ToArray();
        byte[] offers = Enumerable.Range(0, 64 * 1024).Select(static i => (byte)(i % 3 == 0 ? 0xFF : i % 3 == 1 ? 0xFB : 24)).ToArray();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 64; i++)
        {
            Feed(reader, letters);
            Feed(reader, offers);
        }
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 128 * 1024);
        Assert.InRange(reader.TakeAnswers().Length, 3, 3 * 64);
        Assert.True(reader.HasPartialLine);
    }

    [Fact]
    public void Holds_nothing_between_lines()
    {
        using ControlReader reader = new(Limit);
        Feed(reader, "NO"u8.ToArray());
        Assert.True(reader.HasPartialLine);
        ReadOnlySequence<byte> rest = new("OP\r\n"u8.ToArray());
        Assert.Equal(LineStatus.Complete, reader.TryRead(ref rest, out ReadOnlySpan<byte> line));
        Assert.Equal("NOOP"u8, line);
        Assert.False(reader.HasPartialLine);
    }

    [Fact]
    public void Reads_plain_lines_without_allocating()
    {
        using ControlReader reader = new(Limit);
        byte[] bytes = "NOOP\r\nPWD\r\n"u8.ToArray();
        Feed(reader, bytes);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
            Feed(reader, bytes);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static void Feed(ControlReader reader, byte[] bytes)
    {
        ReadOnlySequence<byte> input = new(bytes);
        while (!input.IsEmpty)
            reader.TryRead(ref input, out _);
    }

    private static List<(LineStatus Status, string Line)> Read(IEnumerable<byte[]> reads)
    {
        using ControlReader reader = new(Limit);
        List<(LineStatus, string)> lines = [];
        foreach (byte[] part in reads)
            Read(reader, new ReadOnlySequence<byte>(part), lines);
        return lines;
    }

    private static List<(LineStatus Status, string Line)> ReadOnce(ReadOnlySequence<byte> input)
    {
        using ControlReader reader = new(Limit);
        List<(LineStatus, string)> lines = [];
        Read(reader, input, lines);
        return lines;
    }

    private static void Read(ControlReader reader, ReadOnlySequence<byte> input, List<(LineStatus, string)> lines)
    {
        while (!input.IsEmpty)
        {
            LineStatus status = reader.TryRead(ref input, out ReadOnlySpan<byte> line);
            if (status == LineStatus.Incomplete)
                Assert.True(input.IsEmpty);
            else
                lines.Add((status, status == LineStatus.Complete ? Encoding.Latin1.GetString(line) : ""));
        }
    }
}
