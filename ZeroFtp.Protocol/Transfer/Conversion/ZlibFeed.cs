using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;

namespace ZeroFtp.Protocol.Transfer.Conversion;

/// <summary>Gives an inflater the raw deflate octets of a zlib stream (RFC 1950), and checks what stands before and behind them.</summary>
/// <remarks>
/// The inflater does not say how much of its input it left over. So the last octet before the checksum is given alone, once the end of the data is known: an inflater that is done earlier has
/// rubbish behind its stream, and one that is not done then has a cut one.
/// </remarks>
internal sealed class ZlibFeed(PipeReader source) : Stream
{
    private const int HeaderLength = 2;
    private const int TrailerLength = 4;
    private bool _hasHeader;
    private bool _gaveLast;
    private bool _isCut;

    /// <summary>Whether the inflater asked for more than there was.</summary>
    public bool IsExhausted { get; private set; }

    /// <summary>Whether the last read was ended by <see cref="PipeReader.CancelPendingRead"/>.</summary>
    public bool IsCanceled { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        IsCanceled = false;
        while (!IsExhausted)
        {
            ReadResult result = await source.ReadAsync(cancellationToken).ConfigureAwait(false);
            ReadOnlySequence<byte> data = result.Buffer;
            int count = 0;
            try
            {
                if (!_hasHeader && data.Length >= HeaderLength)
                    data = TakeHeader(data);
                if (_hasHeader)
                    count = Take(data, result.IsCompleted, buffer.Span);
                IsExhausted = count == 0 && result.IsCompleted;
            }
            finally
            {
                if (count > 0 || IsExhausted)
                    source.AdvanceTo(data.GetPosition(count));
                else
                    source.AdvanceTo(data.Start, data.End);
            }
            if (count > 0)
                return count;
            if (!result.IsCanceled || IsExhausted)
                continue;
            IsCanceled = true;
            throw new OperationCanceledException("The read was cancelled.");
        }
        return 0;
    }

    /// <summary>Checks that the inflater, which is done, has had everything but the checksum, and that the checksum is right.</summary>
    public async ValueTask CheckTrailerAsync(uint checksum, CancellationToken cancellationToken)
    {
        if (!_gaveLast)
            throw new TransferDataException(TransferDataFault.Corrupt, "Data follow the end of the zlib stream.");
        ReadResult result = await source.ReadAsync(cancellationToken).ConfigureAwait(false);
        byte[] trailer = new byte[TrailerLength];
        result.Buffer.CopyTo(trailer);
        source.AdvanceTo(result.Buffer.End);
        if (BinaryPrimitives.ReadUInt32BigEndian(trailer) != checksum)
            throw new TransferDataException(TransferDataFault.Corrupt, "The zlib stream does not end in its checksum.");
    }

    /// <summary>The stream is cut: no checksum follows, so that what was held back for it is content. From now on only <see cref="Read(Span{byte})"/> is used, which gives what has arrived.</summary>
    public void GiveAll() => _isCut = true;

    public override int Read(Span<byte> buffer)
    {
        // A read that is cancelled beforehand gives what is buffered, also what was looked at before.
        source.CancelPendingRead();
        if (!_isCut || !source.TryRead(out ReadResult result))
            return 0;
        ReadOnlySequence<byte> data = result.Buffer;
        int count = 0;
        try
        {
            if (!_hasHeader && data.Length >= HeaderLength)
                data = TakeHeader(data);
            count = _hasHeader ? (int)Math.Min(data.Length, buffer.Length) : 0;
            data.Slice(0, count).CopyTo(buffer);
        }
        finally
        {
            source.AdvanceTo(data.GetPosition(count));
        }
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private ReadOnlySequence<byte> TakeHeader(ReadOnlySequence<byte> data)
    {
        Span<byte> header = stackalloc byte[HeaderLength];
        data.Slice(0, HeaderLength).CopyTo(header);
        CheckHeader(header[0], header[1]);
        _hasHeader = true;
        return data.Slice(HeaderLength);
    }

    private int Take(ReadOnlySequence<byte> data, bool isWhole, Span<byte> target)
    {
        const int HeldBack = TrailerLength + 1;
        if (isWhole && data.Length == HeldBack)
            _gaveLast = true;
        int count = (int)Math.Min(target.Length, _gaveLast ? data.Length - TrailerLength : data.Length - HeldBack);
        if (count <= 0)
            return 0;
        data.Slice(0, count).CopyTo(target);
        return count;
    }

    /// <summary>RFC 1950 section 2.2: deflate with a window of at most 32 KiB, no preset dictionary, and a check value.</summary>
    private static void CheckHeader(byte method, byte flags)
    {
        if ((method & 0x0F) != 8 || method >> 4 > 7 || (flags & 0x20) != 0 || ((method << 8) | flags) % 31 != 0)
            throw new TransferDataException(TransferDataFault.Corrupt, "The data are not a zlib stream.");
    }
}
