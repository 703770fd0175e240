using System.Buffers;
using System.IO.Pipelines;

namespace ZeroFtp.Protocol.Driver;

/// <summary>An upload into a stream, for drivers of stream-based stores. It batches received data into large writes for throughput.</summary>
/// <remarks>Readers must not see the stream's content before the commit publishes it.</remarks>
public sealed class StreamUpload : IUpload
{
    private const int WriteSize = 256 * 1024;
    private readonly Stream _stream;
    private readonly Func<CancellationToken, ValueTask<FtpEntry>> _commit;
    private readonly Func<UploadAbort, CancellationToken, ValueTask<bool>>? _abort;

    /// <summary>Creates an upload.</summary>
    /// <param name="stream">The destination, positioned where the first byte goes. It is flushed before the commit and disposed with the upload.</param>
    /// <param name="commit">Publishes the content at its path atomically and returns its entry.</param>
    /// <param name="abort">Discards the content and returns true when a partial file was kept; null if there is nothing to do.</param>
    public StreamUpload(Stream stream, Func<CancellationToken, ValueTask<FtpEntry>> commit, Func<UploadAbort, CancellationToken, ValueTask<bool>>? abort = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(commit);
        _stream = stream;
        _commit = commit;
        _abort = abort;
    }

    /// <inheritdoc/>
    public async ValueTask CopyFromAsync(PipeReader source, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(WriteSize);
        int used = 0;
        try
        {
            while (true)
            {
                ReadResult result;
                try
                {
                    result = await source.ReadAsync(cancellationToken).ConfigureAwait(false);
                }
                catch when (used > 0)
                {
                    // These bytes have arrived, so a partial file must include them.
                    await WriteAsync(buffer.AsMemory(0, used), CancellationToken.None).ConfigureAwait(false);
                    throw;
                }
                ReadOnlySequence<byte> received = result.Buffer;
                int taken = (int)Math.Min(received.Length, buffer.Length - used);
                received.Slice(0, taken).CopyTo(buffer.AsSpan(used));
                used += taken;
                bool isEnd = result.IsCompleted && taken == received.Length;
                source.AdvanceTo(received.GetPosition(taken));
                if (result.IsCanceled)
                    throw new OperationCanceledException("The read was cancelled.");
                if (used == buffer.Length || isEnd)
                {
                    await WriteAsync(buffer.AsMemory(0, used), cancellationToken).ConfigureAwait(false);
                    used = 0;
                }
                if (isEnd)
                    return;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<FtpEntry> CommitAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IOException exception)
        {
            throw new FtpDriverException(FtpError.Unavailable, exception.Message, exception);
        }
        return await _commit(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask<bool> AbortAsync(UploadAbort reason, CancellationToken cancellationToken) => _abort is null ? ValueTask.FromResult(false) : _abort(reason, cancellationToken);

    /// <summary>Disposes the stream.</summary>
    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private async ValueTask WriteAsync(ReadOnlyMemory<byte> octets, CancellationToken cancellationToken)
    {
        try
        {
            await _stream.WriteAsync(octets, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException exception)
        {
            throw new FtpDriverException(FtpError.Unavailable, exception.Message, exception);
        }
    }
}
