using System.IO.Pipelines;

namespace ZeroFtp.Tests.Support;

/// <summary>A stream over one end of a connection in memory. It behaves as a socket's stream does: what is written to a peer that has gone throws, and so does a read that is pending when this end is closed. Nothing waits for ever.</summary>
internal sealed class DuplexStream(IDuplexPipe pipe) : Stream
{
    private int _closed;
    private bool _peerHasGone;
    private long _taken;
    private long _given;

    /// <summary>The other end's stream, if it has one.</summary>
    public DuplexStream? Peer { get; private set; }

    /// <summary>Whether this end was closed without ado, which for a socket is a reset.</summary>
    public bool WasAborted { get; private set; }

    /// <summary>Whether the other end has read all that was written here, so that a reset cannot lose it.</summary>
    public bool IsAllTaken => Peer is null || Peer.Taken >= Volatile.Read(ref _given);

    private long Taken => Volatile.Read(ref _taken);

    public bool IsClosed => Volatile.Read(ref _closed) == 1;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public static (DuplexStream Server, DuplexStream Client) CreatePair()
    {
        DuplexPipePair pair = new();
        DuplexStream server = new(pair.Server), client = new(pair.Client);
        server.Peer = client;
        client.Peer = server;
        return (server, client);
    }

    /// <summary>Whether bytes, or the end, can be read at once.</summary>
    public bool HasUnread
    {
        get
        {
            if (!pipe.Input.TryRead(out ReadResult result))
                return false;
            pipe.Input.AdvanceTo(result.Buffer.Start);
            return !result.Buffer.IsEmpty;
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        while (true)
        {
            ValueTask<ReadResult> reading = pipe.Input.ReadAsync(cancellationToken);
            ReadResult result = reading.IsCompleted ? await reading : await reading.AsTask().WithinAsync("something to read on a connection in memory");
            int count = (int)Math.Min(buffer.Length, result.Buffer.Length);
            CopyTo(result, count, buffer.Span);
            pipe.Input.AdvanceTo(result.Buffer.GetPosition(count));
            Volatile.Write(ref _taken, _taken + count);
            if (result.IsCanceled)
                throw new IOException("The connection was closed here.");
            if (count > 0 || result.IsCompleted || buffer.IsEmpty)
                return count;
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        if (_peerHasGone)
            throw new IOException("The peer has gone.");
        Volatile.Write(ref _given, _given + buffer.Length);
        ValueTask<FlushResult> writing = pipe.Output.WriteAsync(buffer, cancellationToken);
        FlushResult result = writing.IsCompleted ? await writing : await writing.AsTask().WithinAsync("room to write on a connection in memory");
        // A peer that closed because of what it just got has got it; as with a socket, the next write fails.
        _peerHasGone = result.IsCompleted;
        if (result.IsCanceled)
            throw new IOException("The connection was closed here.");
    }

    /// <summary>Ends what this end sends; it can still read.</summary>
    public void EndWriting() => pipe.Output.Complete();

    /// <summary>Takes nothing more, so that what the other end writes fails; this end can still write.</summary>
    public void EndReading() => pipe.Input.Complete();

    /// <summary>Closes at once, so that the peer's reads fail.</summary>
    public void Reset()
    {
        WasAborted = true;
        Close(new IOException("The connection was reset by the peer."));
    }

    public override ValueTask DisposeAsync()
    {
        Close(null);
        return base.DisposeAsync();
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !IsClosed)
        {
            WasAborted = true;
            Close(null);
        }
        base.Dispose(disposing);
    }

    private static void CopyTo(ReadResult result, int count, Span<byte> destination)
    {
        foreach (ReadOnlyMemory<byte> segment in result.Buffer.Slice(0, count))
        {
            segment.Span.CopyTo(destination);
            destination = destination[segment.Length..];
        }
    }

    private void Close(IOException? why)
    {
        if (Interlocked.Exchange(ref _closed, 1) == 1)
            return;
        pipe.Input.CancelPendingRead();
        pipe.Output.CancelPendingFlush();
        pipe.Output.Complete(why);
        pipe.Input.Complete(why);
    }
}
