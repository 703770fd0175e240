using ZeroFtp.Storage.Objects.ZeroStor.Daemons;
using ZeroFtp.Storage.Objects.ZeroStor.Direct.Coding;
using ZeroFtp.Storage.Objects.ZeroStor.Direct.Shards;
using ZeroFtp.Storage.Objects.ZeroStor.Parts;
using ZeroFtp.Storage.Objects.ZeroStor.Schema;
using Part = ZeroFtp.Storage.Objects.ZeroStor.Schema.Object;

namespace ZeroFtp.Storage.Objects.ZeroStor.Direct;

/// <summary>The parts of one block as far as they were fetched.</summary>
/// <param name="Values">The parts; empty where there is none.</param>
/// <param name="States">Unproven for a part that came; Lost for one that is not there or of another length; OutOfReach for one that was not asked for, or
/// whose shard did not answer.</param>
internal sealed record FetchedParts(ReadOnlyMemory<byte>[] Values, PartState[] States)
{
    public bool HasLost => Array.Exists(States, static state => state == PartState.Lost);

    public int Count(PartState wanted) => States.Count(state => state == wanted);
}

/// <summary>Reads blocks from their parts: as many as are needed from the fastest shards, and more when one is slow, missing or wrong.</summary>
internal sealed class PartReader(ShardMap shards, BlockCodec codec, DirectOptions options, TimeProvider timeProvider)
{
    private readonly BlockRecovery _recovery = new(codec);

    /// <summary>Reads one block.</summary>
    /// <param name="chunk">What the reference has of it.</param>
    /// <param name="destination">Takes the content.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The length of the content, -1 if the parts that came do not give it; and the parts.</returns>
    public async ValueTask<(int Length, int[] Used, FetchedParts Parts)> ReadAsync(Chunk chunk, Memory<byte> destination, CancellationToken cancellationToken)
    {
        long began = timeProvider.GetTimestamp();
        TimeSpan delay = options.RetryDelay;
        while (true)
        {
            (int length, int[] used, FetchedParts parts) = await ReadOnceAsync(chunk, destination, cancellationToken).ConfigureAwait(false);
            // What came did not suffice. More may come later only from shards that did not answer.
            int possible = parts.Count(PartState.OutOfReach);
            if (length >= 0 || possible == 0)
                return (length, used, parts);
            if (timeProvider.GetElapsedTime(began) + delay > options.RetryBudget)
                throw new DaemonException(FailureKind.ShardsDown, "0-stor",
                    $"Too few shards answer: {parts.Count(PartState.Unproven)} of the {codec.Format.PartsToRead} parts that a block needs came, and {possible} are out of reach.");
            await Task.Delay(delay * (0.5 + Random.Shared.NextDouble()), timeProvider, cancellationToken).ConfigureAwait(false);
            delay = delay * 2 < options.MaxRetryDelay ? delay * 2 : options.MaxRetryDelay;
        }
    }

    /// <summary>Fetches every part of a block.</summary>
    public async ValueTask<FetchedParts> FetchAllAsync(Chunk chunk, CancellationToken cancellationToken)
    {
        FetchedParts parts = NothingOf(chunk);
        await Task.WhenAll(Enumerable.Range(0, chunk.Objects.Count).Select(i => FetchAsync(chunk, i, parts)))
            .WaitAsync(cancellationToken).ConfigureAwait(false);
        return parts;
    }

    /// <summary>Looks at every part without fetching it: <see cref="PartState.Unproven"/> for an intact one of the right length.</summary>
    public async ValueTask<FetchedParts> LookAsync(Chunk chunk, CancellationToken cancellationToken)
    {
        FetchedParts parts = NothingOf(chunk);
        int length = codec.PartLength((int)chunk.ChunkSize);
        await Task.WhenAll(Enumerable.Range(0, chunk.Objects.Count).Select(LookAtAsync)).WaitAsync(cancellationToken).ConfigureAwait(false);
        return parts;

        async Task LookAtAsync(int i)
        {
            if (parts.States[i] == PartState.Lost || shards.Find(chunk.Objects[i].ShardID) is not { } shard)
                return;
            try
            {
                parts.States[i] = await shard.CheckAsync(chunk.Objects[i].Key.Memory, length, CancellationToken.None).ConfigureAwait(false) == PartCheck.Intact
                    ? PartState.Unproven : PartState.Lost;
            }
            catch (ZdbException)
            {
                // It stays out of reach.
            }
        }
    }

    /// <summary>Tells which of the parts are those of the block, given all that came.</summary>
    /// <returns>False if the block cannot be read from them.</returns>
    public bool TryJudge(Chunk chunk, FetchedParts parts, Memory<byte> destination, out int length)
    {
        RecoveredBlock block = _recovery.Read((int)chunk.ChunkSize, chunk.Hash.Span, parts.Values, destination.Span);
        length = block.Length;
        if (block.Length >= 0)
            Judge(chunk, parts, block.Used);
        return block.Length >= 0;
    }

    /// <summary>Sets the state of each part that came to Ours or Foreign, given a choice that gave the block.</summary>
    public void Judge(Chunk chunk, FetchedParts parts, int[] used)
    {
        List<int> damaged = _recovery.FindDamaged((int)chunk.ChunkSize, parts.Values, used);
        for (int i = 0; i < parts.States.Length; i++)
        {
            if (parts.States[i] == PartState.Unproven)
                parts.States[i] = damaged.Contains(i) ? PartState.Foreign : PartState.Ours;
        }
    }

    private async ValueTask<(int Length, int[] Used, FetchedParts Parts)> ReadOnceAsync(Chunk chunk, Memory<byte> destination,
        CancellationToken cancellationToken)
    {
        FetchedParts parts = NothingOf(chunk);
        Queue<int> order = new(Order(chunk, parts));
        List<Task> pending = [];
        int tried = 0;
        for (int i = 0; i < codec.Format.PartsToRead; i++)
            Ask();
        while (pending.Count > 0)
        {
            Task<Task> any = Task.WhenAny(pending);
            Task done;
            try
            {
                done = await (order.Count > 0 ? any.WaitAsync(options.HedgeAfter, timeProvider, cancellationToken)
                    : any.WaitAsync(cancellationToken)).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                Ask();
                continue;
            }
            pending.Remove(done);
            int came = parts.Count(PartState.Unproven);
            if (came >= codec.Format.PartsToRead && came > tried)
            {
                tried = came;
                RecoveredBlock block = _recovery.Read((int)chunk.ChunkSize, chunk.Hash.Span, [.. parts.Values], destination.Span);
                if (block.Length >= 0)
                    return (block.Length, block.Used, parts);
            }
            // One that failed, and one that came and did not help, are replaced.
            if (came + pending.Count < codec.Format.PartsToRead || tried > 0)
                Ask();
        }
        return (-1, [], parts);

        void Ask()
        {
            if (order.TryDequeue(out int part))
                pending.Add(FetchAsync(chunk, part, parts));
        }
    }

    /// <summary>Data parts need no decoding, so they come first among shards of about the same speed.</summary>
    private IEnumerable<int> Order(Chunk chunk, FetchedParts parts)
    {
        (int Part, Shard Shard)[] there = [.. Enumerable.Range(0, chunk.Objects.Count)
            .Where(i => parts.States[i] != PartState.Lost)
            .Select(i => (Part: i, Shard: shards.Find(chunk.Objects[i].ShardID)))
            .Where(static x => x.Shard is not null)
            .Select(static x => (x.Part, x.Shard!))];
        if (there.Length == 0)
            return [];
        TimeSpan fast = there.Min(static x => x.Shard.ExpectedLatency) * 4 + TimeSpan.FromMilliseconds(2);
        return there.OrderBy(static x => x.Shard.IsHealthy ? 0 : 1)
            .ThenBy(x => x.Shard.ExpectedLatency <= fast ? 0 : 1).ThenBy(static x => x.Part).Select(static x => x.Part);
    }

    /// <summary>Never throws: what became of the part is in its state. It is not cancelled either, since others use the connection.</summary>
    private async Task FetchAsync(Chunk chunk, int i, FetchedParts parts)
    {
        Part part = chunk.Objects[i];
        if (parts.States[i] == PartState.Lost || shards.Find(part.ShardID) is not { } shard)
            return;
        try
        {
            byte[] value = await shard.GetAsync(part.Key.Memory, CancellationToken.None).ConfigureAwait(false);
            bool fits = value.Length == codec.PartLength((int)chunk.ChunkSize);
            parts.Values[i] = fits ? value : default;
            parts.States[i] = fits ? PartState.Unproven : PartState.Lost;
        }
        catch (ZdbException)
        {
            // It stays out of reach.
        }
    }

    private FetchedParts NothingOf(Chunk chunk) => new(
        new ReadOnlyMemory<byte>[chunk.Objects.Count],
        [.. chunk.Objects.Select(part => PartMask.IsMasked(part) || shards.IsGone(part.ShardID) ? PartState.Lost : PartState.OutOfReach)]);
}
