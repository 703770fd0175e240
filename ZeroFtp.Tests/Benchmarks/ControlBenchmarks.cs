using System.Buffers;
using BenchmarkDotNet.Attributes;
using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Benchmarks;

/// <summary>What every command costs before and after its verb: cutting the line out, taking it apart, and writing the reply.</summary>
[MemoryDiagnoser]
public class ControlBenchmarks : IDisposable
{
    private static readonly byte[] Noop = "NOOP\r\n"u8.ToArray();
    private static readonly byte[] Retr = "RETR some/directory/picture-000123.jpeg\r\n"u8.ToArray();
    private static readonly byte[] Telnet = [0xFF, 0xF4, 0xFF, 0xF2, .. "ABOR\r\n"u8];
    private static readonly Reply Constant = Reply.Constant(200, "Command okay.");
    private static readonly Reply Made = Reply.Of(257, "\"/some/directory\" is the current directory.");
    private static readonly Reply Lines = Reply.Of(250, ["Listing picture.jpeg", "type=file;size=123456;modify=20200102030405; /some/directory/picture.jpeg"], "End");
    private readonly ControlReader _reader = new(4096);
    private readonly ArrayBufferWriter<byte> _output = new(4096);

    [Benchmark]
    public bool ReadNoop() => Read(Noop);

    [Benchmark]
    public bool ReadRetr() => Read(Retr);

    [Benchmark]
    public bool ReadAfterTelnet() => Read(Telnet);

    [Benchmark]
    public int WriteConstant() => Write(Constant);

    [Benchmark]
    public int WriteMade() => Write(Made);

    [Benchmark]
    public int WriteLines() => Write(Lines);

    [GlobalCleanup]
    public void Dispose()
    {
        _reader.Dispose();
        GC.SuppressFinalize(this);
    }

    private bool Read(byte[] octets)
    {
        ReadOnlySequence<byte> input = new(octets);
        LineStatus status = _reader.TryRead(ref input, out ReadOnlySpan<byte> line);
        return PendingCommand.Parse(status, line).Verb is not null;
    }

    private int Write(in Reply reply)
    {
        _output.ResetWrittenCount();
        ReplyWriter.Write(_output, reply);
        return _output.WrittenCount;
    }
}
