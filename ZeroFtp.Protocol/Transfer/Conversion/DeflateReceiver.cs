using System.IO.Compression;
using System.IO.Pipelines;

namespace ZeroFtp.Protocol.Transfer.Conversion;

/// <summary>MODE Z on the way in: exactly one whole zlib stream. The library's own zlib stream takes a cut one, a missing checksum and trailing rubbish for good, so only its inflater is used.</summary>
internal sealed class DeflateReceiver : TransferReceiver
{
    private readonly ZlibFeed _feed;
    private readonly DeflateStream _inflater;
    private Adler32 _checksum = new();

    public DeflateReceiver(PipeReader source)
        : base(source)
    {
        _feed = new ZlibFeed(source);
        _inflater = new DeflateStream(_feed, CompressionMode.Decompress);
    }

    protected override async ValueTask<FillResult> FillAsync(PipeWriter output, CancellationToken cancellationToken)
    {
        Memory<byte> memory = output.GetMemory(StepSize);
        int count;
        try
        {
            count = await _inflater.ReadAsync(memory, cancellationToken).ConfigureAwait(false);
            if (count == 0 && !_feed.IsExhausted)
                await _feed.CheckTrailerAsync(_checksum.Value, cancellationToken).ConfigureAwait(false);
            else if (count == 0)
                throw new TransferDataException(TransferDataFault.Truncated, "The zlib stream is cut.");
        }
        catch (OperationCanceledException) when (_feed.IsCanceled)
        {
            return FillResult.Canceled;
        }
        catch (InvalidDataException exception)
        {
            throw new TransferDataException(_feed.IsExhausted ? TransferDataFault.Truncated : TransferDataFault.Corrupt, "The zlib stream cannot be inflated.", exception);
        }
        _checksum.Append(memory.Span[..count]);
        output.Advance(count);
        return count == 0 ? FillResult.End : FillResult.More;
    }

    protected override bool FillRest(PipeWriter output)
    {
        _feed.GiveAll();
        int count = _inflater.Read(output.GetSpan(StepSize));
        output.Advance(count);
        return count > 0;
    }

    protected override void Dispose(bool disposing)
    {
        _inflater.Dispose();
        base.Dispose(disposing);
    }
}
