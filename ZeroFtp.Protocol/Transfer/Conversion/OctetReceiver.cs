using System.Buffers;
using System.IO.Pipelines;

namespace ZeroFtp.Protocol.Transfer.Conversion;

/// <summary>A receiver that converts stretches of octets, keeping what spans two of them in its own state.</summary>
internal abstract class OctetReceiver(PipeReader source) : TransferReceiver(source)
{
    private const int MinimumTarget = 4096;

    protected override async ValueTask<FillResult> FillAsync(PipeWriter output, CancellationToken cancellationToken)
    {
        ReadResult result = await Source.ReadAsync(cancellationToken).ConfigureAwait(false);
        ReadOnlySequence<byte> buffer = result.Buffer;
        long used = 0;
        bool ended;
        try
        {
            used = ConvertSome(buffer, output);
            ended = result.IsCompleted && used == buffer.Length;
            if (ended)
                WriteEnd(output);
        }
        finally
        {
            Source.AdvanceTo(buffer.GetPosition(used));
        }
        return ended ? FillResult.End : result.IsCanceled ? FillResult.Canceled : FillResult.More;
    }

    protected override bool FillRest(PipeWriter output)
    {
        // A read that is cancelled beforehand gives what is buffered.
        Source.CancelPendingRead();
        if (!Source.TryRead(out ReadResult result))
            return false;
        long used = 0;
        try
        {
            used = ConvertSome(result.Buffer, output);
        }
        finally
        {
            Source.AdvanceTo(result.Buffer.GetPosition(used));
        }
        return used > 0;
    }

    /// <summary>Converts as much as fits and returns how many octets it wrote. The target has room for at least <c>4096</c> octets; some of the source must be used.</summary>
    protected abstract int Convert(ReadOnlySpan<byte> source, Span<byte> target, out int used);

    /// <summary>Called at the end of the data, to write what was held back or to throw if something is missing.</summary>
    protected abstract void WriteEnd(PipeWriter output);

    private long ConvertSome(ReadOnlySequence<byte> buffer, PipeWriter output)
    {
        long used = 0;
        int budget = StepSize;
        foreach (ReadOnlyMemory<byte> segment in buffer)
        {
            ReadOnlySpan<byte> rest = segment.Span;
            while (!rest.IsEmpty && budget > 0)
            {
                int written = Convert(rest, output.GetSpan(MinimumTarget), out int taken);
                output.Advance(written);
                budget -= Math.Max(written, 1);
                used += taken;
                rest = rest[taken..];
            }
            if (budget <= 0)
                break;
        }
        return used;
    }
}
