using System.IO.Pipelines;

namespace ZeroFtp.Protocol.Driver;

/// <summary>A download from a stream, for drivers of stream-based stores. It reads directly into the data connection's buffer.</summary>
public sealed class StreamDownload : IDownload
{
    private const int ReadSize = 64 * 1024;
    private readonly Stream _stream;

    /// <summary>Creates a download of the rest of the stream.</summary>
    /// <param name="stream">The stream, positioned where the download begins. It is disposed with the download.</param>
    /// <param name="length">The number of bytes that follow; null takes it from a seekable stream.</param>
    public StreamDownload(Stream stream, long? length = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _stream = stream;
        Length = length ?? (stream.CanSeek ? stream.Length - stream.Position : null);
    }

    /// <inheritdoc/>
    public long? Length { get; }

    /// <summary>Creates a download that begins at an offset. It seeks if the stream can, and otherwise reads up to the offset.</summary>
    /// <param name="stream">The stream at the beginning of the file. It is disposed with the download, or immediately on error.</param>
    /// <param name="offset">Where the download begins.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="FtpDriverException">The file is shorter than the offset (InvalidOffset), or cannot be read (Unavailable).</exception>
    public static async ValueTask<StreamDownload> CreateAsync(Stream stream, long offset, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stream);
        try
        {
            if (stream.CanSeek)
            {
                if (offset > stream.Length)
                    throw new FtpDriverException(FtpError.InvalidOffset);
                stream.Seek(offset, SeekOrigin.Begin);
            }
            else
            {
                await SkipAsync(stream, offset, cancellationToken).ConfigureAwait(false);
            }
            return new StreamDownload(stream);
        }
        catch (Exception exception)
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            if (exception is IOException)
                throw new FtpDriverException(FtpError.Unavailable, exception.Message, exception);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask CopyToAsync(PipeWriter destination, long? limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(destination);
        long rest = limit ?? long.MaxValue;
        while (rest > 0)
        {
            Memory<byte> memory = destination.GetMemory(ReadSize);
            int count = await ReadAsync(memory[..(int)Math.Min(rest, memory.Length)], cancellationToken).ConfigureAwait(false);
            if (count == 0)
                return;
            rest -= count;
            destination.Advance(count);
            FlushResult result = await destination.FlushAsync(cancellationToken).ConfigureAwait(false);
            if (result.IsCompleted)
                return;
        }
    }

    /// <summary>Disposes the stream.</summary>
    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private static async ValueTask SkipAsync(Stream stream, long count, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[ReadSize];
        while (count > 0)
        {
            int read = await stream.ReadAsync(buffer.AsMemory(0, (int)Math.Min(count, buffer.Length)), cancellationToken).ConfigureAwait(false);
            if (read == 0)
                throw new FtpDriverException(FtpError.InvalidOffset);
            count -= read;
        }
    }

    private async ValueTask<int> ReadAsync(Memory<byte> memory, CancellationToken cancellationToken)
    {
        try
        {
            return await _stream.ReadAsync(memory, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException exception)
        {
            throw new FtpDriverException(FtpError.Unavailable, exception.Message, exception);
        }
    }
}
