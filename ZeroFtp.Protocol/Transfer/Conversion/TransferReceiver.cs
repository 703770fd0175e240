using System.IO.Pipelines;
using System.Runtime.ExceptionServices;

namespace ZeroFtp.Protocol.Transfer.Conversion;

/// <summary>A reader that converts what it reads from another. It reads on only when its own reader has seen all there is, so that it holds little more than one step's output.</summary>
/// <remarks>
/// <para>The pipe inside is used as a buffer by one side at a time: it never waits and nothing runs beside the caller.</para>
/// <para>
/// A read that fails, because the connection broke or the data are cut, loses nothing that arrived: what is still held on the way is converted and given first, in steps, and then the failure is thrown; a read that is
/// canceled throws at once. A consumer that has left bytes in the reader then (it waited for more) gets them, and what is held on the way, by <see cref="TryRead"/>, until that gives nothing.
/// </para>
/// </remarks>
internal abstract class TransferReceiver(PipeReader source) : PipeReader, IDisposable
{
    /// <summary>How many octets one step yields at most, so that no input, however well compressed, fills the memory.</summary>
    protected const int StepSize = 64 * 1024;

    private readonly Pipe _output = new(new PipeOptions(
        pauseWriterThreshold: 0, resumeWriterThreshold: 0, minimumSegmentSize: StepSize, readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, useSynchronizationContext: false));

    private ExceptionDispatchInfo? _failure;
    private bool _isCanceled;

    /// <summary>What was wrong with the data, once it was found.</summary>
    public TransferDataException? Failure => _failure?.SourceException as TransferDataException;

    /// <summary>Bytes that came of the conversion so far.</summary>
    public long Given { get; private set; }

    /// <summary>Where the data come from. Disposing this reader does not complete it.</summary>
    protected PipeReader Source => source;

    public override bool TryRead(out ReadResult result)
    {
        if (_failure is null && !_isCanceled)
            return _output.Reader.TryRead(out result);
        TryFillRest();
        // So that what was looked at before is given too.
        _output.Reader.CancelPendingRead();
        return _output.Reader.TryRead(out result);
    }

    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        ReadResult result;
        while (!_output.Reader.TryRead(out result))
        {
            if (_failure is not null)
            {
                if (!TryFillRest())
                    _failure.Throw();
                continue;
            }
            _isCanceled = false;
            try
            {
                FillResult filled = await FillAsync(_output.Writer, cancellationToken).ConfigureAwait(false);
                Flush();
                if (filled == FillResult.End)
                    _output.Writer.Complete();
                else if (filled == FillResult.Canceled)
                    _output.Reader.CancelPendingRead();
            }
            catch (OperationCanceledException)
            {
                _isCanceled = true;
                throw;
            }
            catch (Exception exception)
            {
                _failure = ExceptionDispatchInfo.Capture(exception);
                Flush();
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

    /// <summary>After a failure: takes what the source still holds, without waiting, and writes what comes of one step of it. Marks that are not whole are no content.</summary>
    /// <returns>Whether anything was taken.</returns>
    /// <exception cref="TransferDataException">The rest is no sound data.</exception>
    protected abstract bool FillRest(PipeWriter output);

    private bool TryFillRest()
    {
        try
        {
            while (_output.Writer.UnflushedBytes == 0)
            {
                if (!FillRest(_output.Writer))
                    return false;
            }
        }
        catch (Exception exception) when (exception is TransferDataException or IOException or InvalidDataException or InvalidOperationException)
        {
            // The first failure is the one that counts.
            return false;
        }
        Flush();
        return true;
    }

    /// <summary>The pipe takes whatever it is given, so this never waits.</summary>
    private void Flush()
    {
        Given += _output.Writer.UnflushedBytes;
        _output.Writer.FlushAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
    }
}
