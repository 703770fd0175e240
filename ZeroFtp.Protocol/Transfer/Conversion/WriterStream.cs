using System.Buffers;
using System.IO.Pipelines;

namespace ZeroFtp.Protocol.Transfer.Conversion;

/// <summary>A stream that puts what is written to it into a writer's memory. Flushing is left to the owner of the writer, who can wait for it.</summary>
internal sealed class WriterStream(PipeWriter writer) : Stream
{
    /// <summary>When set, whatever is written is dropped.</summary>
    public bool IsClosed { get; set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (!IsClosed)
            writer.Write(buffer);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
