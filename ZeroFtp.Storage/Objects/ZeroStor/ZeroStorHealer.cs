using System.Collections.Concurrent;
using System.IO.Hashing;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Objects.ZeroStor.Daemons;
using ZeroFtp.Storage.Objects.ZeroStor.Memory;
using ZeroFtp.Storage.Objects.ZeroStor.Schema;
using ZeroFtp.Storage.Objects.ZeroStor.Wire;

namespace ZeroFtp.Storage.Objects.ZeroStor;

/// <summary>Reads objects and sees to it that their octets are the right ones: read again, elsewhere if there is an elsewhere, then repair and read what was repaired.</summary>
internal sealed class ZeroStorHealer(ZeroStorClient client, int corruptRetries, ZeroStorEvents events, ZeroStorMetrics metrics)
{
    // Readers of one damaged object share its repair: each repair leaves the old parts behind.
    private readonly ConcurrentDictionary<string, Lazy<Task<StoredObject?>>> _repairs = new(StringComparer.Ordinal);

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
        StoredObject? repaired = null;
        try
        {
            // An octet that changed on its way needs no repair; what is damaged where it lies will fail the next reader too.
            if (octets is null || await client.CheckAsync(ChunkReference.Decode(stored.Reference), fast: false, cancellationToken).ConfigureAwait(false) != CheckStatus.Optimal)
                repaired = await ShareRepairAsync(stored, cancellationToken).ConfigureAwait(false);
            octets ??= repaired is null ? null : await TryReadAsync(repaired.Value, verifies: true, client.NewRead(), cancellationToken).ConfigureAwait(false);
            return (octets ?? throw new FtpDriverException(FtpError.Unavailable, "An object is corrupt beyond repair."), repaired);
        }
        catch (Exception failure) when (octets is not null && ZeroStorClient.IsExpected(failure))
        {
            // The scrubber will come by.
            return (octets, repaired);
        }
        catch
        {
            octets?.Dispose();
            throw;
        }
    }

    public async ValueTask<ObjectState> CheckAsync(StoredObject stored, bool deep, CancellationToken cancellationToken)
    {
        CheckStatus status = await client.CheckAsync(ChunkReference.Decode(stored.Reference), !deep, cancellationToken).ConfigureAwait(false);
        if (status == CheckStatus.Invalid)
            return ObjectState.Missing;
        if (!deep)
            return ObjectState.Good;
        if (status != CheckStatus.Optimal)
            return ObjectState.Degraded;
        Operation operation = client.NewRead();
        for (int attempt = 0; attempt <= corruptRetries; attempt++)
        {
            using Octets? octets = await TryReadAsync(stored, verifies: true, operation, cancellationToken).ConfigureAwait(false);
            if (octets is not null)
                return ObjectState.Good;
        }

        return ObjectState.Corrupt;
    }

    /// <summary>Lets the daemon write the object anew, and reads what that gave.</summary>
    /// <returns>Null if there are too few good parts, or what they give is not what was stored.</returns>
    public async ValueTask<StoredObject?> RepairAsync(StoredObject stored, CancellationToken cancellationToken)
    {
        try
        {
            IReadOnlyList<Chunk> chunks = await client.RepairAsync(ChunkReference.Decode(stored.Reference), cancellationToken).ConfigureAwait(false);
            StoredObject repaired = stored with { Reference = ChunkReference.Encode(chunks) };
            using Octets? octets = await TryReadAsync(repaired, verifies: true, client.NewRead(), cancellationToken).ConfigureAwait(false);
            if (octets is not null)
            {
                metrics.Repaired();
                events.Repaired(stored.Length);
                return repaired;
            }

            await client.DeleteAsync(chunks, cancellationToken).ConfigureAwait(false);
            NotRepaired(stored, "what the repair gave is not what was stored");
            return null;
        }
        catch (DaemonException failure) when (failure.Kind is FailureKind.Corrupt or FailureKind.Gone or FailureKind.ShardsDown)
        {
            NotRepaired(stored, failure.Message);
            return null;
        }
    }

    private async Task<StoredObject?> ShareRepairAsync(StoredObject stored, CancellationToken cancellationToken)
    {
        Lazy<Task<StoredObject?>> repair = _repairs.GetOrAdd(stored.Reference, _ => new Lazy<Task<StoredObject?>>(() => RepairAsync(stored, CancellationToken.None).AsTask()));
        try
        {
            return await repair.Value.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (repair.Value.IsCompleted)
                _repairs.TryRemove(new KeyValuePair<string, Lazy<Task<StoredObject?>>>(stored.Reference, repair));
        }
    }

    private async ValueTask<Octets?> TryReadAsync(StoredObject stored, bool verifies, Operation operation, CancellationToken cancellationToken)
    {
        string reason;
        try
        {
            Octets octets = await client.ReadAsync(ChunkReference.Decode(stored.Reference), operation, cancellationToken).ConfigureAwait(false);
            if (octets.Length == stored.Length && (!verifies || Hash(octets) == stored.Hash.XxHash128))
                return octets;
            reason = octets.Length == stored.Length ? "the hash is another" : $"{octets.Length} octets came in place of {stored.Length}";
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
