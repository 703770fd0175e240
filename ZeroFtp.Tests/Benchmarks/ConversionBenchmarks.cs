using System.IO.Pipelines;
using System.Text;
using BenchmarkDotNet.Attributes;
using ZeroFtp.Protocol.Sessions;
using ZeroFtp.Protocol.Transfer.Conversion;

namespace ZeroFtp.Benchmarks;

/// <summary>The converters of a transfer, for a MiB of text with lines of 60 octets.</summary>
[MemoryDiagnoser]
public class ConversionBenchmarks
{
    private const int Size = 1 << 20;
    private readonly NullWriter _writer = new();
    private byte[] _text = [];
    private byte[] _wire = [];
    private byte[] _compressed = [];

    [GlobalSetup]
    public void Setup()
    {
        string line = "The quick brown fox jumps over the lazy dog, once and again.";
        _text = Encoding.ASCII.GetBytes(string.Join('\n', Enumerable.Repeat(line, Size / (line.Length + 1))));
        _wire = Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(_text).Replace("\n", "\r\n", StringComparison.Ordinal));
        MemoryStream stream = new();
        using (System.IO.Compression.ZLibStream zlib = new(stream, System.IO.Compression.CompressionLevel.Optimal))
            zlib.Write(_text);
        _compressed = stream.ToArray();
    }

    [Benchmark]
    public Task AsciiOut() => SendAsync(new TransferShape(IsAscii: true));

    [Benchmark]
    public Task RecordsOut() => SendAsync(new TransferShape(IsAscii: true, IsRecords: true));

    [Benchmark]
    public Task DeflateOut() => SendAsync(new TransferShape(IsAscii: false, DeflateLevel: 6));

    [Benchmark]
    public Task<long> AsciiIn() => ReceiveAsync(_wire, new TransferShape(IsAscii: true));

    [Benchmark]
    public Task<long> DeflateIn() => ReceiveAsync(_compressed, new TransferShape(IsAscii: false, DeflateLevel: 6));

    private async Task SendAsync(TransferShape shape)
    {
        PipeWriter sender = TransferPipeline.Sender(_writer, shape);
        await sender.WriteAsync(_text);
        await TransferPipeline.FinishAsync(sender, CancellationToken.None);
        (sender as IDisposable)?.Dispose();
    }

    private static async Task<long> ReceiveAsync(byte[] wire, TransferShape shape)
    {
        PipeReader receiver = TransferPipeline.Receiver(PipeReader.Create(new MemoryStream(wire), new StreamPipeReaderOptions(bufferSize: 64 * 1024)), shape);
        long total = 0;
        ReadResult result;
        do
        {
            result = await receiver.ReadAsync();
            total += result.Buffer.Length;
            receiver.AdvanceTo(result.Buffer.End);
        }
        while (!result.IsCompleted);
        await receiver.CompleteAsync();
        return total;
    }
}
