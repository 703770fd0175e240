using System.Collections.Concurrent;
using System.IO.Hashing;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Objects.ZeroStor.Daemons;
using ZeroFtp.Storage.Objects.ZeroStor.Memory;
using ZeroFtp.Storage.Objects.ZeroStor.Parts;
using ZeroFtp.Storage.Objects.ZeroStor.Schema;
using ZeroFtp.Storage.Objects.ZeroStor.Wire;

namespace ZeroFtp.Storage.Objects.ZeroStor;

/// <summary>
/// Reads objects and ensures that their content is right. If it is not, reads again, from another daemon if there is one, and then from parts that are proven
/// to belong to the object. A repair is a new write of verified content. The daemon's own repair is not used: it trusts whatever is stored under a key, and
/// leaves parts behind when it fails.
/// </summary>
internal sealed class ZeroStorHealer(ZeroStorClient client, PartInspector inspector, int corruptRetries, ZeroStorEvents events, ZeroStorMetrics metrics)
{
    private readonly ConcurrentDictionary<string, byte> _repairing = new(StringComparer.Ordinal);

    public async ValueTask<(Octets Octets, StoredObject? Repaired)> ReadAsync(StoredObject stored, bool verifies, CancellationToken cancellationToken)
    {
        Operation operation = client.NewRead();
        Octets? octets = null;
        bool damaged = false;
        for (int attempt = 0; octets is null && attempt <= corruptRetries; attempt++)
        {
            octets = await TryReadAsync(stored, verifies, operation, cancellationToken).ConfigureAwait(false);
            damaged |= octets is null;
        }

        if (!damaged)
            return (octets!, null);
        if (octets is null)
        {
            octets = await RecoverAsync(stored, cancellationToken).ConfigureAwait(false)
                ?? throw new FtpDriverException(FtpError.Unavailable, "An object is corrupt beyond repair.");
            return (octets, await TryRewriteAsync(stored, octets, cancellationToken).ConfigureAwait(false));
        }

        // Content that was damaged on its way needs no repair. Content that is damaged in storage would fail the next reader too.
        return (octets, await IsDamagedAsync(stored, cancellationToken).ConfigureAwait(false)
            ? await TryRewriteAsync(stored, octets, cancellationToken).ConfigureAwait(false) : null);
    }

    /// <summary>Checks the state of an object. Parts on unreachable shards are not judged.</summary>
    public async ValueTask<ObjectState> CheckAsync(StoredObject stored, bool deep, CancellationToken cancellationToken)
    {
        IReadOnlyList<Chunk> chunks = ChunkReference.Decode(stored.Reference);
        CheckStatus status = await client.CheckAsync(chunks, !deep, cancellationToken).ConfigureAwait(false);
        if (!deep && status != CheckStatus.Invalid)
            return ObjectState.Good;
        if (status == CheckStatus.Optimal && await inspector.ProveAsync(chunks, octets => IsRight(stored, octets), cancellationToken).ConfigureAwait(false))
            return ObjectState.Good;
        IReadOnlyList<Inspection> found = await InspectAsync(chunks, cancellationToken).ConfigureAwait(false);
        if (found.Any(static inspection => inspection.HasOutOfReach))
            return ObjectState.OutOfReach;
        if (!found.All(static inspection => inspection.IsReadable))
            return found.All(static inspection => inspection.Needed is int needed && inspection.Count(PartState.Unproven) >= needed || inspection.IsReadable)
                ? ObjectState.Corrupt : ObjectState.Missing;
        using Octets? octets = await ReadProvenAsync(stored, found, cancellationToken).ConfigureAwait(false);
        return octets is null ? ObjectState.Corrupt : found.All(static inspection => inspection.IsWhole) ? ObjectState.Good : ObjectState.Degraded;
    }

    /// <summary>Writes an object again, from its proven parts.</summary>
    /// <returns>Null if there are too few proven parts, or if shards refuse writes now.</returns>
    public async ValueTask<StoredObject?> RepairAsync(StoredObject stored, CancellationToken cancellationToken)
    {
        using Octets? octets = await RecoverAsync(stored, cancellationToken).ConfigureAwait(false);
        if (octets is not null)
            return await RewriteAsync(stored, octets, cancellationToken).ConfigureAwait(false);
        NotRepaired(stored, "too few of its parts are intact");
        return null;
    }

    private async ValueTask<StoredObject?> RewriteAsync(StoredObject stored, Octets octets, CancellationToken cancellationToken)
    {
        try
        {
            IReadOnlyList<Chunk> chunks = await client.WriteIfPossibleAsync(octets, cancellationToken).ConfigureAwait(false);
            metrics.Repaired();
            events.Repaired(stored.Length);
            return stored with { Reference = ChunkReference.Encode(chunks) };
        }
        catch (DaemonException failure) when (failure.Kind is FailureKind.ShardsDown or FailureKind.Full)
        {
            NotRepaired(stored, failure.Message);
            return null;
        }
    }

    /// <summary>
    /// Repairs an object that a reader has just read. A failure does not fail the reader: the scrub will repair the object. Of several concurrent readers of a
    /// damaged object, one repairs it.
    /// </summary>
    private async ValueTask<StoredObject?> TryRewriteAsync(StoredObject stored, Octets octets, CancellationToken cancellationToken)
    {
        if (!_repairing.TryAdd(stored.Reference, 0))
            return null;
        try
        {
            return await RewriteAsync(stored, octets, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (ZeroStorClient.IsExpected(failure))
        {
            return null;
        }
        finally
        {
            _repairing.TryRemove(stored.Reference, out _);
        }
    }

    private async ValueTask<bool> IsDamagedAsync(StoredObject stored, CancellationToken cancellationToken)
    {
        try
        {
            IReadOnlyList<Chunk> chunks = ChunkReference.Decode(stored.Reference);
            return await client.CheckAsync(chunks, fast: false, cancellationToken).ConfigureAwait(false) != CheckStatus.Optimal
                || !await inspector.ProveAsync(chunks, null, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (ZeroStorClient.IsExpected(failure))
        {
            return false;
        }
    }

    /// <summary>Reads an object from its proven parts only.</summary>
    /// <returns>Null if there are too few of them.</returns>
    private async ValueTask<Octets?> RecoverAsync(StoredObject stored, CancellationToken cancellationToken)
    {
        IReadOnlyList<Inspection> found = await InspectAsync(ChunkReference.Decode(stored.Reference), cancellationToken).ConfigureAwait(false);
        return found.All(static inspection => inspection.IsReadable) ? await ReadProvenAsync(stored, found, cancellationToken).ConfigureAwait(false) : null;
    }

    private async ValueTask<Octets?> ReadProvenAsync(StoredObject stored, IReadOnlyList<Inspection> found, CancellationToken cancellationToken)
    {
        Octets? octets = await client.TryReadAsync([.. found.Select(static inspection => inspection.Readable())], cancellationToken).ConfigureAwait(false);
        if (octets is not null && IsRight(stored, octets))
            return octets;
        octets?.Dispose();
        return null;
    }

    private async ValueTask<IReadOnlyList<Inspection>> InspectAsync(IReadOnlyList<Chunk> chunks, CancellationToken cancellationToken)
    {
        List<Inspection> found = new(chunks.Count);
        foreach (Chunk chunk in chunks)
            found.Add(await inspector.InspectAsync(chunk, cancellationToken).ConfigureAwait(false));
        return found;
    }

    private async ValueTask<Octets?> TryReadAsync(StoredObject stored, bool verifies, Operation operation, CancellationToken cancellationToken)
    {
        string reason;
        try
        {
            Octets octets = await client.ReadAsync(ChunkReference.Decode(stored.Reference), operation, cancellationToken).ConfigureAwait(false);
            if (octets.Length == stored.Length && (!verifies || Hash(octets) == stored.Hash.XxHash128))
                return octets;
            reason = octets.Length == stored.Length ? "the hash differs" : $"got {octets.Length} bytes instead of {stored.Length}";
            octets.Dispose();
        }
        catch (DaemonException failure) when (failure.Kind == FailureKind.Corrupt)
        {
            reason = failure.Message;
        }

        metrics.Corrupt();
        events.Corrupt(reason);
        return null;
    }

    private static bool IsRight(StoredObject stored, Octets octets) => octets.Length == stored.Length && Hash(octets) == stored.Hash.XxHash128;

    private static UInt128 Hash(Octets octets)
    {
        XxHash128 hash = new();
        foreach (ReadOnlyMemory<byte> memory in octets.Sequence)
            hash.Append(memory.Span);
        return hash.GetCurrentHashAsUInt128();
    }

    private void NotRepaired(StoredObject stored, string reason)
    {
        metrics.NotRepaired();
        events.NotRepaired(stored.Length, reason);
    }
}
