using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;

namespace ZeroFtp.Protocol.Tls;

/// <summary>
/// The stream between a control connection's pipe and its SslStream. A read never crosses the end of a TLS record, so SslStream never buffers bytes that follow
/// the peer's close_notify: after CCC and REIN, clear-text commands are still in the pipe.
/// </summary>
internal sealed class ControlTlsTransport(IDuplexPipe pipe) : ObservedStream
{
    private const int HeaderLength = 5;
    private int _leftInRecord;
    private readonly byte[] _header = new byte[HeaderLength];
    private int _headerLength;
    private bool _isClear;

    /// <summary>True if clear text arrived at a record boundary after <see cref="ExpectClear"/>.</summary>
    public bool SawClearText { get; private set; }

    /// <summary>
    /// True to treat bytes that are not a TLS record as the end of the TLS stream rather than an error
    /// (a client that returns to clear text without close_notify).
    /// </summary>
    public bool ExpectClear { get; set; }

    protected override async ValueTask<int> ReadTransportAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_isClear)
                return 0;
            ReadResult result = await pipe.Input.ReadAsync(cancellationToken).ConfigureAwait(false);
            ReadOnlySequence<byte> input = Sequences.SkipEmpty(result.Buffer);
            if (input.IsEmpty)
            {
                pipe.Input.AdvanceTo(input.Start, input.End);
                if (result.IsCanceled)
                    throw new OperationCanceledException(cancellationToken);
                if (result.IsCompleted)
                    return 0;
                continue;
            }
            if (buffer.IsEmpty)
            {
                pipe.Input.AdvanceTo(input.Start, input.Start);
                return 0;
            }
            int count = Take(input, buffer.Span);
            pipe.Input.AdvanceTo(input.GetPosition(count));
            if (count > 0)
                return count;
        }
    }

    protected override async ValueTask WriteTransportAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        FlushResult result = await pipe.Output.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        if (result.IsCompleted || result.IsCanceled)
            throw new IOException("The control connection is closed.");
    }

    private int Take(ReadOnlySequence<byte> input, Span<byte> buffer)
    {
        if (_leftInRecord > 0)
        {
            int body = (int)Math.Min(Math.Min(input.Length, buffer.Length), _leftInRecord);
            input.Slice(0, body).CopyTo(buffer);
            _leftInRecord -= body;
            return body;
        }
        if (_headerLength == 0 && ExpectClear && input.FirstSpan[0] is not (>= 20 and <= 24))
        {
            _isClear = SawClearText = true;
            return 0;
        }
        int head = (int)Math.Min(Math.Min(input.Length, buffer.Length), HeaderLength - _headerLength);
        input.Slice(0, head).CopyTo(buffer);
        buffer[..head].CopyTo(_header.AsSpan(_headerLength));
        _headerLength += head;
        if (_headerLength == HeaderLength)
        {
            _headerLength = 0;
            _leftInRecord = BinaryPrimitives.ReadUInt16BigEndian(_header.AsSpan(3));
        }
        return head;
    }
}
