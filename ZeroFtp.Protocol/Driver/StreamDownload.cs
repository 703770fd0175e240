using System.IO.Pipelines;

namespace ZeroFtp.Protocol.Driver;

/// <summary>A download from a stream, for drivers whose store gives streams. It reads straight into the data connection's memory.</summary>
public sealed class StreamDownload : IDownload
{
    private const int ReadSize = 64 * 1024;
    private readonly Stream _stream;

    /// <summary>Makes a download of all that the stream still has.</summary>
    /// <param name="stream">The stream, at the place where the download begins. It is disposed with the download.</param>
    /// <param name="length">How many octets follow; null takes it from the stream if that can seek.</param>
    public StreamDownload(Stream stream, long? length = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _stream = stream;
        Length = length ?? (stream.CanSeek ? stream.Length - stream.Position : null);
    }

    /// <inheritdoc/>
    public long? Length { get; }

    /// <summary>Makes a download that begins at an offset, by seeking if the stream can and by reading up to it otherwise.</summary>
    /// <param name="stream">The stream at the beginning of the file. It is disposed with the download, or at once if there is an error.</param>
    /// <param name="offset">Where the download begins.</param>
    /// <param name="cancellationToken">Gives up.</param>
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
