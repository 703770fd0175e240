using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;

namespace ZeroFtp.Protocol.Transfer.Conversion;

/// <summary>Gives an inflater the raw deflate octets of a zlib stream: it checks the header, and remembers the last four octets, where the checksum must be.</summary>
internal sealed class ZlibFeed(PipeReader source) : Stream
{
    private const int TrailerLength = 4;
    private readonly byte[] _tail = new byte[TrailerLength];
    private long _passed;
    private int _headerLength;
    private byte _firstOctet;

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
        while (true)
        {
            ReadResult result = await source.ReadAsync(cancellationToken).ConfigureAwait(false);
            ReadOnlySequence<byte> data = result.Buffer;
            int count = 0;
            try
            {
                data = data.Slice(TakeHeader(data));
                count = (int)Math.Min(buffer.Length, data.Length);
                data.Slice(0, count).CopyTo(buffer.Span);
                Remember(buffer.Span[..count]);
            }
            finally
            {
                source.AdvanceTo(data.GetPosition(count));
            }
            if (count > 0)
                return count;
            if (result.IsCanceled)
            {
                IsCanceled = true;
                throw new OperationCanceledException("The read was cancelled.");
            }
            if (result.IsCompleted && data.IsEmpty)
            {
                IsExhausted = true;
                return 0;
            }
        }
    }

    /// <summary>Reads on to the end of the data once the inflater has reached the end of its own, and checks that nothing but the checksum follows.</summary>
    /// <remarks>The inflater does not say how many octets of its last input it left over. They were counted here, so the checksum's place is known from the other side: the end of the data.</remarks>
    public async ValueTask CheckTrailerAsync(uint checksum, CancellationToken cancellationToken)
    {
        byte[] rest = new byte[TrailerLength + 1];
        int count;
        long seen = 0;
        while ((count = await ReadAsync(rest, cancellationToken).ConfigureAwait(false)) > 0)
        {
            seen += count;
            if (seen > TrailerLength)
                throw new TransferDataException(TransferDataFault.Corrupt, "Data follow the end of the zlib stream.");
        }
        if (_passed <= TrailerLength)
            throw new TransferDataException(TransferDataFault.Truncated, "The checksum of the zlib stream is missing.");
        if (BinaryPrimitives.ReadUInt32BigEndian(_tail) != checksum)
            throw new TransferDataException(TransferDataFault.Corrupt, "The zlib stream does not end in its checksum.");
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private long TakeHeader(ReadOnlySequence<byte> data)
    {
        int taken = 0;
        foreach (ReadOnlyMemory<byte> segment in data)
        {
            foreach (byte octet in segment.Span)
            {
                if (_headerLength == 2)
                    return taken;
                if (_headerLength == 0)
                    _firstOctet = octet;
                else
                    CheckHeader(_firstOctet, octet);
                _headerLength++;
                taken++;
            }
        }
        return taken;
    }

    /// <summary>RFC 1950 section 2.2: deflate with a window of at most 32 KiB, no preset dictionary, and a check value.</summary>
    private static void CheckHeader(byte method, byte flags)
    {
        if ((method & 0x0F) != 8 || method >> 4 > 7 || (flags & 0x20) != 0 || ((method << 8) | flags) % 31 != 0)
            throw new TransferDataException(TransferDataFault.Corrupt, "The data are not a zlib stream.");
    }

    private void Remember(ReadOnlySpan<byte> octets)
    {
        _passed += octets.Length;
        if (octets.Length >= TrailerLength)
        {
            octets[^TrailerLength..].CopyTo(_tail);
            return;
        }
        _tail.AsSpan(octets.Length).CopyTo(_tail);
        octets.CopyTo(_tail.AsSpan(TrailerLength - octets.Length));
    }
}
