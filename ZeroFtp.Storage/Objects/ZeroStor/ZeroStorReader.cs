using System.IO.Pipelines;
using ZeroFtp.Storage.Objects.ZeroStor.Memory;

namespace ZeroFtp.Storage.Objects.ZeroStor;

/// <summary>
/// A range of an object, fetched as a whole. The fetched memory itself is written to the destination. While the reader waits for its client, it may be asked to
/// release that memory, and then fetches the object again.
/// </summary>
internal sealed class ZeroStorReader : IObjectReader, ReadMemory.IHolder
{
    private readonly IContentAccess _access;
    private readonly ReadMemory _memory;
    private readonly LinkedListNode<ReadMemory.IHolder> _registration;
    private readonly TimeProvider _timeProvider;
    private readonly long _offset;
    private readonly bool _verifies;
    private readonly Lock _lock = new();
    private StoredObject _stored;
    private Octets? _octets;
    private long _taken;
    private long _sending = -1;
    private long? _idleSince;
    private bool _isWhole;
    private bool _disposed;

    public ZeroStorReader(IContentAccess access, ReadMemory memory, TimeProvider timeProvider, StoredObject stored, long offset, long length, bool verifies)
    {
        (_access, _memory, _timeProvider, _stored, _offset, Length, _verifies) = (access, memory, timeProvider, stored, offset, length, verifies);
        _registration = memory.Register(this);
    }

    public long Length { get; }

    public StoredObject? Repaired { get; private set; }

    public long? IdleSince
    {
        get
        {
            lock (_lock)
                return _idleSince;
        }
    }

    /// <summary>Waits for memory, then fetches and verifies the object.</summary>
    public async ValueTask FetchAsync(CancellationToken cancellationToken)
    {
        long cost = (_stored.Length + Segment.Size - 1) / Segment.Size * Segment.Size;
        await _memory.TakeAsync(cost, cancellationToken).ConfigureAwait(false);
        lock (_lock)
            _taken += cost;
        (Octets octets, StoredObject? repaired) = await _access.ReadAsync(_stored, _verifies, cancellationToken).ConfigureAwait(false);
        lock (_lock)
        {
            (_octets, _isWhole, _idleSince) = (octets, true, _timeProvider.GetTimestamp());
            Repaired = repaired ?? Repaired;
            _stored = repaired ?? _stored;
        }
    }

    public async ValueTask<bool> CopyToAsync(PipeWriter destination, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        for (long at = _offset, end = _offset + Length; at < end;)
        {
            if (!TryBegin(at, out ReadOnlyMemory<byte> piece))
            {
                await RefetchAsync(cancellationToken).ConfigureAwait(false);
                continue;
            }

            if (piece.Length > end - at)
                piece = piece[..(int)(end - at)];
            FlushResult result = await destination.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
            End();
            if (result.IsCanceled)
                throw new OperationCanceledException(cancellationToken);
            if (result.IsCompleted)
                return false;
            at += piece.Length;
        }

        return true;
    }

    public void GiveBack()
    {
        lock (_lock)
        {
            if (_octets is null || !_isWhole || _idleSince is null)
                return;
            _isWhole = false;
            if (_sending < 0)
                Release();
            else
                Return((long)_octets.DropAllBut(_sending) * Segment.Size);
        }
    }

    public ValueTask DisposeAsync()
    {
        if (_disposed)
            return ValueTask.CompletedTask;
        _disposed = true;
        _memory.Unregister(_registration);
        lock (_lock)
            Release();
        return ValueTask.CompletedTask;
    }

    private bool TryBegin(long at, out ReadOnlyMemory<byte> piece)
    {
        lock (_lock)
        {
            bool can = _octets is not null && _isWhole;
            piece = can ? _octets!.PieceAt(at) : default;
            _sending = can ? at : -1;
            _idleSince = can ? _timeProvider.GetTimestamp() : null;
            return can;
        }
    }

    private void End()
    {
        lock (_lock)
            (_sending, _idleSince) = (-1, null);
    }

    private async ValueTask RefetchAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
            Release();
        try
        {
            await FetchAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (ZeroStorClient.IsExpected(failure))
        {
            throw ZeroStorClient.Translate(failure);
        }
    }

    private void Release()
    {
        _octets?.Dispose();
        _octets = null;
        Return(_taken);
    }

    private void Return(long count)
    {
        _taken -= count;
        _memory.Budget.Return(count);
    }
}
