using System.Buffers;
using System.IO.Pipelines;

namespace ZeroFtp.Protocol.Transfer;

/// <summary>The first octets of a reader, as if it ended after them. What lies beyond stays in the inner reader.</summary>
internal sealed class LimitedReader(PipeReader inner, long limit) : PipeReader
{
    private long _left = limit;
    private ReadOnlySequence<byte> _current;

    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        ReadResult result = await inner.ReadAsync(cancellationToken).ConfigureAwait(false);
        return Cut(result);
    }

    public override bool TryRead(out ReadResult result)
    {
        bool read = inner.TryRead(out result);
        if (read)
            result = Cut(result);
        return read;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        _left -= _current.Slice(0, consumed).Length;
        _current = default;
        inner.AdvanceTo(consumed, examined);
    }

    /// <summary>Whether the inner reader has octets beyond the limit; they are thrown away.</summary>
    public async ValueTask<bool> HasMoreAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadResult result = await inner.ReadAsync(cancellationToken).ConfigureAwait(false);
            bool more = !result.Buffer.IsEmpty;
            inner.AdvanceTo(result.Buffer.End);
            if (more || result.IsCompleted)
                return more;
        }
    }

    public override void CancelPendingRead() => inner.CancelPendingRead();

    public override void Complete(Exception? exception = null)
    {
    }

    private ReadResult Cut(ReadResult result)
    {
        bool whole = result.Buffer.Length >= _left;
        _current = whole ? result.Buffer.Slice(0, _left) : result.Buffer;
        return new ReadResult(_current, result.IsCanceled, whole || result.IsCompleted);
    }
}
