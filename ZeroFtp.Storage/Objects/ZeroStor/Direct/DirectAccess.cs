using System.Buffers;
using System.IO.Hashing;
using Google.Protobuf;
using ZeroFtp.Storage.Objects.ZeroStor.Daemons;
using ZeroFtp.Storage.Objects.ZeroStor.Direct.Coding;
using ZeroFtp.Storage.Objects.ZeroStor.Direct.Shards;
using ZeroFtp.Storage.Objects.ZeroStor.Memory;
using ZeroFtp.Storage.Objects.ZeroStor.Parts;
using ZeroFtp.Storage.Objects.ZeroStor.Schema;
using ZeroFtp.Storage.Objects.ZeroStor.Wire;
using Part = ZeroFtp.Storage.Objects.ZeroStor.Schema.Object;

namespace ZeroFtp.Storage.Objects.ZeroStor.Direct;

/// <summary>Keeps content in 0-db without a daemon, in the daemon's format.</summary>
internal sealed class DirectAccess : IContentAccess
{
    private readonly DirectOptions _options;
    private readonly BlockCodec _codec;
    private readonly ShardMap _shards;
    private readonly PartWriter _writer;
    private readonly PartReader _reader;
    private readonly PartRemover _remover;
    private readonly SemaphoreSlim _places;
    private readonly SegmentPool _pool;
    private readonly ZeroStorEvents _events;
    private readonly ZeroStorMetrics _metrics;

    public DirectAccess(DirectOptions options, IEnumerable<string> goneShards, bool comparesBeforeDeletion, SegmentPool pool, TimeProvider timeProvider,
        ZeroStorEvents events, ZeroStorMetrics metrics)
    {
        if (options.Validate() is { Count: > 0 } faults)
            throw new ArgumentException(string.Join(' ', faults), nameof(options));
        (_options, _pool, _events, _metrics) = (options, pool, events, metrics);
        _codec = new BlockCodec(options.Format);
        _shards = new ShardMap(options.Shards.Select(address => new Shard(address, options, timeProvider, events, metrics)), goneShards);
        _writer = new PartWriter(_shards, options, timeProvider, CountOrphan);
        _reader = new PartReader(_shards, _codec, options, timeProvider);
        _remover = new PartRemover(_shards, _codec, _reader, comparesBeforeDeletion, events, metrics);
        _places = new SemaphoreSlim(options.MaxBlocksInFlight);
    }

    public bool IsHealthy => _shards.All.Count(static shard => shard.IsHealthy) >= (_options.MinimumParts ?? _options.Format.Parts);

    public async ValueTask<IReadOnlyList<Chunk>> WriteAsync(Octets octets, CancellationToken cancellationToken)
    {
        List<Task<Chunk>> writing = [];
        try
        {
            ReadOnlySequence<byte> rest = octets.Sequence;
            while (!rest.IsEmpty)
            {
                ReadOnlySequence<byte> plain = rest.Slice(0, Math.Min(_options.Format.BlockSize, rest.Length));
                rest = rest.Slice(plain.End);
                await _places.WaitAsync(cancellationToken).ConfigureAwait(false);
                writing.Add(Task.Run(() => WriteBlockAsync(plain, cancellationToken), CancellationToken.None));
            }
            Chunk[] chunks = await Task.WhenAll(writing).ConfigureAwait(false);
            _metrics.Written(octets.Length);
            return chunks;
        }
        catch
        {
            await Task.WhenAll(writing.Select(static one => one.ContinueWith(static _ => { }, TaskScheduler.Default))).ConfigureAwait(false);
            await DeleteOwnAsync([.. writing.Where(static one => one.IsCompletedSuccessfully).Select(static one => one.Result)],
                CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask<(Octets Octets, StoredObject? Repaired)> ReadAsync(StoredObject stored, bool verifies, CancellationToken cancellationToken)
    {
        IReadOnlyList<Chunk> chunks = ChunkReference.Decode(stored.Reference);
        Octets octets = new(_pool);
        try
        {
            bool isDamaged = false;
            await foreach ((byte[] buffer, int length, bool lost) in ReadBlocksAsync(stored, chunks, cancellationToken).ConfigureAwait(false))
            {
                octets.Fill(new ReadOnlySequence<byte>(buffer.AsMemory(0, length)));
                ArrayPool<byte>.Shared.Return(buffer);
                isDamaged |= lost;
            }
            if (octets.Length != stored.Length || (verifies && HashOf(octets) != stored.Hash.XxHash128))
                throw ObjectDamage.Of(stored.Reference, ObjectState.Corrupt);
            _metrics.Read(octets.Length);
            return (octets, isDamaged && CanRepair ? await TryRepairAsync(stored, cancellationToken).ConfigureAwait(false) : null);
        }
        catch
        {
            octets.Dispose();
            throw;
        }
    }

    public ValueTask<string?> DeleteAsync(string reference, CancellationToken cancellationToken) => _remover.DeleteAsync(reference, cancellationToken);

    public ValueTask<bool> DeleteOwnAsync(IReadOnlyList<Chunk> chunks, CancellationToken cancellationToken) =>
        _remover.DeleteOwnAsync(chunks, cancellationToken);

    public async ValueTask<ObjectState> CheckAsync(StoredObject stored, bool deep, CancellationToken cancellationToken)
    {
        ObjectState worst = ObjectState.Good;
        foreach (Chunk chunk in ChunkReference.Decode(stored.Reference))
        {
            FetchedParts parts = deep ? await _reader.FetchAllAsync(chunk, cancellationToken).ConfigureAwait(false)
                : await _reader.LookAsync(chunk, cancellationToken).ConfigureAwait(false);
            ObjectState state = deep ? JudgeDeep(stored, chunk, parts) : JudgeFast(parts);
            // Out of reach says least, so it gives way to nothing but a loss that is certain.
            if (state is ObjectState.Missing or ObjectState.Corrupt)
                return state;
            worst = state == ObjectState.OutOfReach || (state == ObjectState.Degraded && worst == ObjectState.Good) ? state : worst;
        }
        return worst;
    }

    public async ValueTask<StoredObject?> RepairAsync(StoredObject stored, CancellationToken cancellationToken)
    {
        List<Chunk> repaired = [];
        List<Chunk> added = [];
        try
        {
            foreach (Chunk chunk in ChunkReference.Decode(stored.Reference))
                repaired.Add(await RepairAsync(stored, chunk, added, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception exception) when (exception is DaemonException or ProtocolFailure)
        {
            await DeleteOwnAsync(added, CancellationToken.None).ConfigureAwait(false);
            _metrics.NotRepaired();
            _events.NotRepaired(stored.Length, exception.Message);
            return null;
        }
        if (added.Count == 0)
            return stored;
        _metrics.Repaired();
        _events.Repaired(stored.Length);
        return stored with { Reference = ChunkReference.Encode(repaired) };
    }

    public void CountOrphan(long bytes)
    {
        _metrics.Orphan(bytes);
        _events.Orphan();
    }

    public async ValueTask DisposeAsync()
    {
        await _shards.DisposeAsync().ConfigureAwait(false);
        _places.Dispose();
    }

    /// <summary>Whether there are shards for all parts of a block; without them a repair would fail with each read of a degraded object.</summary>
    private bool CanRepair => _shards.All.Count(static shard => shard.IsHealthy) >= _options.Format.Parts;

    private async Task<Chunk> WriteBlockAsync(ReadOnlySequence<byte> plain, CancellationToken cancellationToken)
    {
        byte[] content = ArrayPool<byte>.Shared.Rent((int)plain.Length);
        Part?[] parts = new Part?[_options.Format.Parts];
        try
        {
            plain.CopyTo(content);
            using EncodedBlock block = _codec.Encode(content.AsSpan(0, (int)plain.Length));
            await _writer.StoreAsync(block, parts, _options.MinimumParts ?? parts.Length, _options.RetryBudget, cancellationToken).ConfigureAwait(false);
            return ToChunk(block.Size, ByteString.CopyFrom(block.Hash.Span), parts);
        }
        catch
        {
            Part[] left = [.. parts.OfType<Part>()];
            if (left.Length > 0)
                await DeleteOwnAsync([new Chunk { ChunkSize = 1, Objects = { left } }], CancellationToken.None).ConfigureAwait(false);
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(content);
            _places.Release();
        }
    }

    /// <summary>Reads the blocks of an object, the next ones while one is taken, and gives them out in their order.</summary>
    private async IAsyncEnumerable<(byte[] Buffer, int Length, bool HasLost)> ReadBlocksAsync(StoredObject stored, IReadOnlyList<Chunk> chunks,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        const int Ahead = 2;
        int room = RoomFor(stored, chunks.Count);
        Queue<Task<(byte[] Buffer, int Length, bool HasLost)>> reading = new();
        try
        {
            int next = 0;
            while (next < chunks.Count || reading.Count > 0)
            {
                while (next < chunks.Count && reading.Count <= Ahead)
                    reading.Enqueue(ReadBlockAsync(stored, chunks[next++], room, cancellationToken));
                yield return await reading.Dequeue().ConfigureAwait(false);
            }
        }
        finally
        {
            foreach (Task<(byte[] Buffer, int Length, bool HasLost)> rest in reading)
                _ = rest.ContinueWith(static done => ArrayPool<byte>.Shared.Return(done.Result.Buffer), CancellationToken.None,
                    TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
        }
    }

    private async Task<(byte[] Buffer, int Length, bool HasLost)> ReadBlockAsync(StoredObject stored, Chunk chunk, int room,
        CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken).ConfigureAwait(false);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(room);
        bool isGiven = false;
        try
        {
            (int length, int[] used, FetchedParts parts) = await _reader.ReadAsync(chunk, buffer, cancellationToken).ConfigureAwait(false);
            if (length < 0)
                throw ObjectDamage.Of(stored.Reference, parts.Count(PartState.Unproven) >= _options.Format.PartsToRead ? ObjectState.Corrupt
                    : ObjectState.Missing);
            // A part that came and was not used was wrong, or only late; which of the two is worth a look.
            if (parts.Count(PartState.Unproven) > used.Length)
                _reader.Judge(chunk, parts, used);
            bool hasLost = parts.HasLost || parts.Count(PartState.Foreign) > 0;
            if (parts.Count(PartState.Foreign) > 0)
            {
                _metrics.Corrupt();
                _events.Corrupt("a part is not the one that was stored");
            }
            isGiven = true;
            return (buffer, length, hasLost);
        }
        finally
        {
            if (!isGiven)
                ArrayPool<byte>.Shared.Return(buffer);
            _places.Release();
        }
    }

    /// <summary>The most that one block can hold. A daemon may have another block size, which nothing tells.</summary>
    private int RoomFor(StoredObject stored, int chunks)
    {
        long blockSize = _options.Format.BlockSize;
        return (int)(chunks == (stored.Length + blockSize - 1) / blockSize ? Math.Min(stored.Length, blockSize) : stored.Length);
    }

    private ObjectState JudgeDeep(StoredObject stored, Chunk chunk, FetchedParts parts)
    {
        byte[] scratch = ArrayPool<byte>.Shared.Rent((int)stored.Length);
        try
        {
            bool outOfReach = parts.Count(PartState.OutOfReach) > 0;
            if (_reader.TryJudge(chunk, parts, scratch, out _))
                return outOfReach ? ObjectState.OutOfReach : parts.Count(PartState.Ours) == _options.Format.Parts ? ObjectState.Good : ObjectState.Degraded;
            return outOfReach ? ObjectState.OutOfReach : parts.Count(PartState.Unproven) >= _options.Format.PartsToRead ? ObjectState.Corrupt
                : ObjectState.Missing;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }

    private ObjectState JudgeFast(FetchedParts parts)
    {
        int there = parts.Count(PartState.Unproven);
        if (parts.Count(PartState.OutOfReach) > 0)
            return ObjectState.OutOfReach;
        return there < _options.Format.PartsToRead ? ObjectState.Missing : there == _options.Format.Parts ? ObjectState.Good : ObjectState.Degraded;
    }

    /// <summary>Writes the parts of a block that are missing, and only those. A shard whose part was missing may take it again.</summary>
    private async ValueTask<Chunk> RepairAsync(StoredObject stored, Chunk chunk, List<Chunk> added, CancellationToken cancellationToken)
    {
        FetchedParts fetched = await _reader.FetchAllAsync(chunk, cancellationToken).ConfigureAwait(false);
        byte[] content = ArrayPool<byte>.Shared.Rent((int)stored.Length);
        try
        {
            if (!_reader.TryJudge(chunk, fetched, content, out _))
                throw new ProtocolFailure("too few of its parts are good");
            if (chunk.Objects.Count == _options.Format.Parts && fetched.Count(PartState.Lost) + fetched.Count(PartState.Foreign) == 0)
                return chunk;
            Part?[] parts = new Part?[_options.Format.Parts];
            for (int i = 0; i < Math.Min(parts.Length, chunk.Objects.Count); i++)
                parts[i] = fetched.States[i] is PartState.Ours or PartState.OutOfReach ? chunk.Objects[i] : null;
            bool[] wasStored = [.. parts.Select(static part => part is not null)];
            using EncodedBlock block = ReadyBlock(chunk, fetched);
            try
            {
                await _writer.StoreAsync(block, parts, parts.Length, TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                Part[] young = [.. parts.Where((part, i) => part is not null && !wasStored[i]).Select(static part => part!)];
                if (young.Length > 0)
                    added.Add(new Chunk { ChunkSize = 1, Objects = { young } });
            }
            return ToChunk((int)chunk.ChunkSize, chunk.Hash, parts);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(content);
        }
    }

    private EncodedBlock ReadyBlock(Chunk chunk, FetchedParts fetched)
    {
        int[] good = [.. Enumerable.Range(0, fetched.States.Length).Where(i => fetched.States[i] == PartState.Ours).Take(_options.Format.PartsToRead)];
        byte[] processed = ArrayPool<byte>.Shared.Rent(_codec.RoomToJoin((int)chunk.ChunkSize));
        try
        {
            _codec.Join((int)chunk.ChunkSize, fetched.Values, good, processed);
            return _codec.Divide(processed.AsSpan(0, (int)chunk.ChunkSize), chunk.Hash.Memory);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(processed);
        }
    }

    /// <summary>A reader does not fail because a repair does: the scrub will come by.</summary>
    private async ValueTask<StoredObject?> TryRepairAsync(StoredObject stored, CancellationToken cancellationToken)
    {
        StoredObject? repaired = await RepairAsync(stored, cancellationToken).ConfigureAwait(false);
        return repaired is { } young && young.Reference != stored.Reference ? repaired : null;
    }

    private static Chunk ToChunk(int size, ByteString hash, Part?[] parts)
    {
        Chunk chunk = new() { ChunkSize = size, Hash = hash };
        foreach (Part? part in parts)
            chunk.Objects.Add(part ?? PartMask.Nowhere(""));
        return chunk;
    }

    private static UInt128 HashOf(Octets octets)
    {
        XxHash128 hash = new();
        foreach (ReadOnlyMemory<byte> memory in octets.Sequence)
            hash.Append(memory.Span);
        return hash.GetCurrentHashAsUInt128();
    }

    private sealed class ProtocolFailure(string message) : Exception(message);
}
