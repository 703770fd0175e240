using System.IO.Pipelines;

namespace ZeroFtp.Benchmarks;

/// <summary>A data connection that takes everything at no cost.</summary>
internal sealed class NullWriter : PipeWriter
{
    private readonly byte[] _buffer = new byte[256 * 1024];

    public long Count { get; private set; }

    public override void Advance(int bytes) => Count += bytes;

    public override void CancelPendingFlush()
    {
    }

    public override void Complete(Exception? exception = null)
    {
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult(default(FlushResult));

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        Count += source.Length;
        return ValueTask.FromResult(default(FlushResult));
    }

    public override Memory<byte> GetMemory(int sizeHint = 0) => _buffer;

    public override Span<byte> GetSpan(int sizeHint = 0) => _buffer;
}
