using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;

namespace ZeroFtp.Protocol.Transfer.Conversion;

/// <summary>MODE Z on the way out: one zlib stream a transfer.</summary>
internal sealed class DeflateSender : TransferSender
{
    // The library's stream writes nothing at all if nothing was written to it; a reader of MODE Z needs a whole stream.
    private static ReadOnlySpan<byte> EmptyStream => [0x78, 0x9C, 0x03, 0x00, 0x00, 0x00, 0x00, 0x01];

    private readonly WriterStream _sink;
    private readonly ZLibStream _deflater;
    private bool _used;

    /// <param name="next">Where the compressed octets go.</param>
    /// <param name="level">0 (stored) to 9 (smallest).</param>
    public DeflateSender(PipeWriter next, int level)
        : base(next)
    {
        _sink = new WriterStream(next);
        _deflater = new ZLibStream(_sink, new ZLibCompressionOptions { CompressionLevel = level }, leaveOpen: true);
    }

    protected override void Convert(ReadOnlySpan<byte> source)
    {
        if (source.IsEmpty)
            return;
        _used = true;
        _deflater.Write(source);
    }

    protected override void WriteEnd()
    {
        if (_used)
            _deflater.Dispose();
        else
            Next.Write(EmptyStream);
    }

    protected override void Dispose(bool disposing)
    {
        // Disposing writes the end of the stream, which must not be sent for data that are not complete.
        _sink.IsClosed = true;
        _deflater.Dispose();
        base.Dispose(disposing);
    }
}
