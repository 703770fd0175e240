using System.Buffers;
using System.Buffers.Text;
using System.IO.Pipelines;

namespace ZeroFtp.ZeroStor.ZeroDb;

/// <summary>Reads commands of the Redis protocol: arrays of bulk strings, as 0-db requires.</summary>
internal sealed class RespInput(Stream stream)
{
    /// <summary>The longest value that 0-db accepts.</summary>
    public const int MaxValueLength = 8 * 1024 * 1024;

    private const int MaxArguments = 1024;

    private readonly PipeReader _pipe = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 64 * 1024, leaveOpen: true));

    /// <returns>Null at the end of the stream.</returns>
    /// <exception cref="IOException">What came is not a command; 0-db resets the connection.</exception>
    public async Task<List<byte[]>?> ReadCommandAsync()
    {
        if (await CountAsync('*', MaxArguments) is not { } count)
            return null;
        List<byte[]> items = new(count);
        while (items.Count < count)
        {
            int length = await CountAsync('$', MaxValueLength) ?? throw new EndOfStreamException();
            ReadResult result = await _pipe.ReadAtLeastAsync(length + 2);
            if (result.Buffer.Length < length + 2)
                throw new EndOfStreamException();
            items.Add(result.Buffer.Slice(0, length).ToArray());
            _pipe.AdvanceTo(result.Buffer.GetPosition(length + 2));
        }

        return items;
    }

    private async Task<int?> CountAsync(char kind, int most)
    {
        while (true)
        {
            ReadResult result = await _pipe.ReadAsync();
            if (TryReadLine(result.Buffer, out byte[] line, out SequencePosition next))
            {
                _pipe.AdvanceTo(next);
                return line.Length > 1 && line[0] == kind && Utf8Parser.TryParse(line.AsSpan(1), out int count, out int used) && used == line.Length - 1 && count >= 0 && count <= most
                    ? count
                    : throw new IOException("Malformed request, array expected");
            }

            if (result.IsCompleted)
                return null;
            _pipe.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    private static bool TryReadLine(ReadOnlySequence<byte> buffer, out byte[] line, out SequencePosition next)
    {
        SequenceReader<byte> reader = new(buffer);
        bool isWhole = reader.TryReadTo(out ReadOnlySequence<byte> found, "\r\n"u8);
        line = isWhole ? found.ToArray() : [];
        next = reader.Position;
        return isWhole;
    }
}
