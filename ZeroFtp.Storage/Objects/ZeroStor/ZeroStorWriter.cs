using System.Buffers;
using ZeroFtp.Storage.Objects.ZeroStor.Memory;
using ZeroFtp.Storage.Objects.ZeroStor.Schema;
using ZeroFtp.Storage.Objects.ZeroStor.Wire;

namespace ZeroFtp.Storage.Objects.ZeroStor;

/// <summary>
/// Collects an object and stores it with one unary write. When the memory budget of uploads is used up, it stores what it has as a piece and continues in the
/// same memory, so that every open writer makes progress, however many there are and however slow they are. The chunks of several writes are read in order,
/// like those of one.
/// </summary>
internal sealed class ZeroStorWriter(ZeroStorObjectStore store, IContentAccess access, int reserved) : IObjectWriter
{
    private readonly ObjectHasher _hasher = new();
    private readonly List<Chunk> _stored = [];
    private Octets _octets = new(store.Pool);
    private int _taken = reserved;
    private bool _done;

    public long Length { get; private set; }

    public async ValueTask WriteAsync(ReadOnlySequence<byte> bytes, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_done, this);
        if (bytes.Length > store.MaxObjectLength - Length)
            throw new ArgumentException("The object would become too long.", nameof(bytes));
        foreach (ReadOnlyMemory<byte> memory in bytes)
        {
            ReadOnlyMemory<byte> rest = memory;
            while (rest.Length > 0)
            {
                if (_octets.Free == 0)
                    await GrowAsync(cancellationToken).ConfigureAwait(false);
                int count = _octets.Append(rest.Span);
                _hasher.Append(rest.Span[..count]);
                Length += count;
                rest = rest[count..];
            }
        }
    }

    public async ValueTask<StoredObject> CompleteAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_done, this);
        if (Length == 0)
            throw new InvalidOperationException("An object has at least one byte.");
        if (_octets.Length > 0)
            await StoreAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            StoredObject stored = new(ChunkReference.Encode(_stored), Length, _hasher.Finish());
            _stored.Clear();
            return stored;
        }
        finally
        {
            await DisposeAsync().ConfigureAwait(false);
        }
    }

    public ValueTask DisposeAsync()
    {
        if (_done)
            return ValueTask.CompletedTask;
        _done = true;
        Release();
        if (_stored.Count > 0)
            store.Detach(UndoAsync(Task.FromResult<IReadOnlyList<Chunk>>(_stored), Length));
        return ValueTask.CompletedTask;
    }

    private async ValueTask GrowAsync(CancellationToken cancellationToken)
    {
        if (_octets.Segments == _taken)
        {
            if (store.WriteMemory.TryTake(Segment.Size))
            {
                _taken++;
            }
            else
            {
                await StoreAsync(cancellationToken).ConfigureAwait(false);
                _octets = new Octets(store.Pool);
            }
        }

        _octets.Grow();
    }

    // A write that has started is not cancelled, because its result would never be known. If the caller gives up, a background task waits for the answer and
    // deletes what it names.
    private async ValueTask StoreAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Task<IReadOnlyList<Chunk>> writing = access.WriteAsync(_octets, store.Lifetime).AsTask();
        try
        {
            _stored.AddRange(await writing.WaitAsync(cancellationToken).ConfigureAwait(false));
            _octets.Dispose();
        }
        catch (OperationCanceledException)
        {
            (Octets octets, int taken) = (_octets, _taken);
            (_octets, _taken) = (new Octets(store.Pool), 0);
            store.Detach(UndoAsync(writing, octets.Length, octets, taken));
            throw;
        }
        catch (Exception failure) when (ZeroStorClient.IsExpected(failure))
        {
            throw ZeroStorClient.Translate(failure);
        }
    }

    private async Task UndoAsync(Task<IReadOnlyList<Chunk>> writing, long length, Octets? octets = null, int taken = 0)
    {
        try
        {
            IReadOnlyList<Chunk> chunks = await writing.ConfigureAwait(false);
            if (!await access.DeleteOwnAsync(chunks, store.Lifetime).ConfigureAwait(false))
                access.CountOrphan(length);
        }
        catch (Exception failure) when (ZeroStorClient.IsExpected(failure) || failure is OperationCanceledException)
        {
            // A write that failed was counted where it failed.
            if (writing.IsCompletedSuccessfully)
                access.CountOrphan(length);
        }
        finally
        {
            octets?.Dispose();
            store.WriteMemory.Return((long)taken * Segment.Size);
        }
    }

    private void Release()
    {
        _octets.Dispose();
        store.WriteMemory.Return((long)_taken * Segment.Size);
        _taken = 0;
    }
}
