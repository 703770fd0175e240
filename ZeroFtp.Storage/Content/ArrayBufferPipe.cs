using System.Buffers;
using System.IO.Pipelines;

namespace ZeroFtp.Storage.Content;

/// <summary>A pipe writer that collects a known, small number of bytes in memory.</summary>
internal sealed class ArrayBufferPipe(int capacity) : PipeWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new(Math.Max(1, capacity));

    public ReadOnlyMemory<byte> Written => _buffer.WrittenMemory;

    public override void Advance(int bytes) => _buffer.Advance(bytes);

    public override Memory<byte> GetMemory(int sizeHint = 0) => _buffer.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => _buffer.GetSpan(sizeHint);

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(default(FlushResult));
    }

    public override void CancelPendingFlush()
    {
    }

    public override void Complete(Exception? exception = null)
    {
    }
}
