namespace ZeroFtp.Protocol.Data;

/// <summary>
/// Reads from a data connection and counts bytes. A broken connection throws, as does an end that is not the end of the upload; neither is
/// ever reported as the end of the stream.
/// </summary>
internal sealed class MeteredReadStream(Stream inner, TransferMeter meter, DataEndObserver end) : Stream
{
    private const int YieldEvery = 1024 * 1024;
    private int _sinceYield;

    public override bool CanRead => true;

    public override bool CanWrite => false;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int count;
        end.BeforeRead();
        try
        {
            count = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException exception)
        {
            end.Broke();
            throw new DataConnectionException("The data connection broke.", exception);
        }
        end.AfterRead();
        if (count == 0)
            await end.EndedAsync(cancellationToken).ConfigureAwait(false);
        _sinceYield += count;
        if (_sinceYield >= YieldEvery)
        {
            // A peer that is always ready would otherwise occupy this thread and block the session loop.
            _sinceYield = 0;
            await Task.Yield();
        }
        ValueTask counted = meter.CountAsync(count, cancellationToken);
        if (!counted.IsCompletedSuccessfully)
            await counted.ConfigureAwait(false);
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
