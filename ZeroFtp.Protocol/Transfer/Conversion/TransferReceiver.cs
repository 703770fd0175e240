using System.IO.Pipelines;

namespace ZeroFtp.Protocol.Transfer.Conversion;

/// <summary>A reader that converts what it reads from another. It reads on only when its own reader has seen all there is, so that it holds little more than one step's output.</summary>
/// <remarks>The pipe inside is used as a buffer by one side at a time: it never waits and nothing runs beside the caller.</remarks>
internal abstract class TransferReceiver(PipeReader source) : PipeReader, IDisposable
{
    /// <summary>How many octets one step yields at most, so that no input, however well compressed, fills the memory.</summary>
    protected const int StepSize = 64 * 1024;

    private readonly Pipe _output = new(new PipeOptions(
        pauseWriterThreshold: 0, resumeWriterThreshold: 0, minimumSegmentSize: StepSize, readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, useSynchronizationContext: false));

    /// <summary>What was wrong with the data, once <see cref="ReadAsync"/> has thrown it.</summary>
    public TransferDataException? Failure { get; private set; }

    /// <summary>Where the data come from. Disposing this reader does not complete it.</summary>
    protected PipeReader Source => source;

    public override bool TryRead(out ReadResult result) => _output.Reader.TryRead(out result);

    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        ReadResult result;
        while (!_output.Reader.TryRead(out result))
        {
            if (Failure is not null)
                throw Failure;
            try
            {
                FillResult filled = await FillAsync(_output.Writer, cancellationToken).ConfigureAwait(false);
                await _output.Writer.FlushAsync(CancellationToken.None).ConfigureAwait(false);
                if (filled == FillResult.End)
                    _output.Writer.Complete();
                else if (filled == FillResult.Canceled)
                    _output.Reader.CancelPendingRead();
            }
            catch (TransferDataException exception)
            {
                Failure = exception;
                throw;
            }
        }
        return result;
    }

    public override void AdvanceTo(SequencePosition consumed) => _output.Reader.AdvanceTo(consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => _output.Reader.AdvanceTo(consumed, examined);

    public override void CancelPendingRead() => source.CancelPendingRead();

    public override void Complete(Exception? exception = null)
    {
        Dispose();
        source.Complete(exception);
    }

    public override ValueTask CompleteAsync(Exception? exception = null)
    {
        Dispose();
        return source.CompleteAsync(exception);
    }

    /// <summary>Gives the buffers back, here and in the converters behind; the data connection stays open.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        _output.Writer.Complete();
        _output.Reader.Complete();
        (source as TransferReceiver)?.Dispose();
    }

    /// <summary>What one step came to.</summary>
    protected enum FillResult
    {
        /// <summary>There may be more.</summary>
        More,

        /// <summary>That was all.</summary>
        End,

        /// <summary>The read was ended by <see cref="CancelPendingRead"/>.</summary>
        Canceled,
    }

    /// <summary>Reads once from the source and writes what comes of it, without flushing.</summary>
    protected abstract ValueTask<FillResult> FillAsync(PipeWriter output, CancellationToken cancellationToken);
}
