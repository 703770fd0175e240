using System.Buffers;
using System.Buffers.Text;

namespace ZeroFtp.Storage.Objects.ZeroStor.Direct.Shards;

/// <summary>
/// Reads replies of the Redis protocol from a stream. Long values are read straight into the memory that they are given out in. Not for several threads
/// at a time.
/// </summary>
internal sealed class RespReader(Stream stream) : IDisposable
{
    /// <summary>The longest value that 0-db stores.</summary>
    public const int MaxValueLength = 8 * 1024 * 1024;

    /// <summary>SCAN gives about 2,000 entries of three items.</summary>
    private const int MaxItems = 100_000;

    private const int MaxDepth = 4;
    private const int BufferLength = 16 * 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
    private int _start;
    private int _end;

    /// <summary>Reads the next reply. The caller disposes it.</summary>
    /// <exception cref="EndOfStreamException">The server closed the connection.</exception>
    /// <exception cref="InvalidDataException">What came is not of the protocol.</exception>
    public ValueTask<ZdbReply> ReadAsync(CancellationToken cancellationToken) => ReadAsync(0, cancellationToken);

    public void Dispose()
    {
        byte[] owned = _buffer;
        _buffer = [];
        if (owned.Length > 0)
            ArrayPool<byte>.Shared.Return(owned);
    }

    private async ValueTask<ZdbReply> ReadAsync(int depth, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> line = await ReadLineAsync(cancellationToken).ConfigureAwait(false);
        if (line.IsEmpty || depth == MaxDepth)
            throw new InvalidDataException("A reply is malformed.");
        ReadOnlyMemory<byte> rest = line[1..];
        switch (line.Span[0])
        {
            case (byte)'+':
                return ZdbReply.Of(ZdbReplyKind.Status, rest.Span);
            case (byte)'-':
                return ZdbReply.Of(ZdbReplyKind.Error, rest.Span);
            case (byte)':':
                return ZdbReply.Of(ZdbReplyKind.Integer, rest.Span);
            case (byte)'$':
                int length = CountOf(rest.Span, MaxValueLength);
                return length < 0 ? ZdbReply.Nil : await ReadBulkAsync(length, cancellationToken).ConfigureAwait(false);
            case (byte)'*':
                int count = CountOf(rest.Span, MaxItems);
                List<ZdbReply> items = new(Math.Max(count, 0));
                try
                {
                    for (int i = 0; i < count; i++)
                        items.Add(await ReadAsync(depth + 1, cancellationToken).ConfigureAwait(false));
                }
                catch
                {
                    ZdbReply.OfArray(items).Dispose();
                    throw;
                }
                return count < 0 ? ZdbReply.Nil : ZdbReply.OfArray(items);
            default:
                throw new InvalidDataException("A reply is of no known kind.");
        }
    }

    private static int CountOf(ReadOnlySpan<byte> text, int most) =>
        Utf8Parser.TryParse(text, out int count, out int used) && used == text.Length && count >= -1 && count <= most ? count
            : throw new InvalidDataException("A length is malformed.");

    private async ValueTask<ZdbReply> ReadBulkAsync(int length, CancellationToken cancellationToken)
    {
        byte[] value = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            int buffered = Math.Min(length, _end - _start);
            _buffer.AsSpan(_start, buffered).CopyTo(value);
            _start += buffered;
            await stream.ReadExactlyAsync(value.AsMemory(buffered, length - buffered), cancellationToken).ConfigureAwait(false);
            if (!(await ReadLineAsync(cancellationToken).ConfigureAwait(false)).IsEmpty)
                throw new InvalidDataException("A value is longer than it says.");
            return ZdbReply.OfBulk(value, length);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(value);
            throw;
        }
    }

    /// <summary>Returns the next line without its CR LF; valid until the next read.</summary>
    private async ValueTask<ReadOnlyMemory<byte>> ReadLineAsync(CancellationToken cancellationToken)
    {
        int searched = 0;
        while (true)
        {
            int end = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf("\r\n"u8);
            if (end >= 0)
            {
                ReadOnlyMemory<byte> line = _buffer.AsMemory(_start, searched + end);
                _start += searched + end + 2;
                return line;
            }
            // The first half of a line end may be the last byte so far.
            searched = Math.Max(0, _end - _start - 1);
            if (_start > 0)
            {
                _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
                (_start, _end) = (0, _end - _start);
            }
            if (_end == _buffer.Length)
                throw new InvalidDataException("A line is too long.");
            int count = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
            if (count == 0)
                throw new EndOfStreamException("The server closed the connection.");
            _end += count;
        }
    }
}
