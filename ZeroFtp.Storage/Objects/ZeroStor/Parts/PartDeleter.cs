using ZeroFtp.Storage.Objects.ZeroStor.Daemons;
using ZeroFtp.Storage.Objects.ZeroStor.Schema;
using ZeroFtp.Storage.Objects.ZeroStor.Wire;
using Part = ZeroFtp.Storage.Objects.ZeroStor.Schema.Object;

namespace ZeroFtp.Storage.Objects.ZeroStor.Parts;

/// <summary>
/// Deletes objects part by part, retrying each, and deletes only parts that are proven to belong to the object. A part on a shard that is down can be neither
/// deleted nor proven. Enough of its siblings are left to prove it later, and a new reference names what is left.
/// </summary>
/// <remarks>
/// Example for 3+1 with one shard down: of the three reachable parts two stay, so that a read of them together with the fourth shows whether the shard came
/// back with that part or without it.
/// </remarks>
internal sealed class PartDeleter(ZeroStorClient client, PartInspector inspector, bool compares)
{
    private const int Tries = 6;

    /// <summary>Deletes what a reference names.</summary>
    /// <returns>A reference to what can only be deleted when its shards are back, or null.</returns>
    public async ValueTask<string?> DeleteAsync(string reference, CancellationToken cancellationToken)
    {
        IReadOnlyList<Chunk> chunks = ChunkReference.Decode(reference);
        List<Chunk> left = [];
        if (compares && await inspector.ProveAsync(chunks, null, cancellationToken).ConfigureAwait(false))
        {
            await DeleteOwnAsync(chunks, left, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            foreach (Chunk chunk in chunks)
            {
                // A chunk without a hash is the rest of one whose parts were proven before.
                if (!compares || chunk.Hash.Length == 0)
                    await DeletePartsAsync(chunk, chunk.Objects, left, cancellationToken).ConfigureAwait(false);
                else
                    await DeleteProvenAsync(await inspector.InspectAsync(chunk, cancellationToken).ConfigureAwait(false), left,
                        cancellationToken).ConfigureAwait(false);
            }
        }

        return left.Count == 0 ? null : ChunkReference.Encode(left);
    }

    /// <summary>Deletes parts that have just been written and so cannot belong to another object.</summary>
    /// <returns>True if nothing is left.</returns>
    public async ValueTask<bool> DeleteOwnAsync(IReadOnlyList<Chunk> chunks, CancellationToken cancellationToken)
    {
        List<Chunk> left = [];
        await DeleteOwnAsync(chunks, left, cancellationToken).ConfigureAwait(false);
        return left.Count == 0;
    }

    private async ValueTask DeleteOwnAsync(IReadOnlyList<Chunk> chunks, List<Chunk> left, CancellationToken cancellationToken)
    {
        try
        {
            await client.DeleteAsync(chunks, cancellationToken).ConfigureAwait(false);
        }
        catch (DaemonException failure) when (failure.IsOfShards)
        {
            foreach (Chunk chunk in chunks)
                await DeletePartsAsync(chunk, chunk.Objects, left, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask DeleteProvenAsync(Inspection found, List<Chunk> left, CancellationToken cancellationToken)
    {
        List<int> own = [.. Where(found, PartState.Ours)];
        List<int> deleted = [.. Where(found, PartState.Lost)];
        if (!found.HasOutOfReach)
        {
            client.Unproven(found.Count(PartState.Unproven));
            client.Foreign(found.Count(PartState.Foreign));
            await DeletePartsAsync(found.Chunk, own.Concat(deleted).Select(i => found.Chunk.Objects[i]), left, cancellationToken).ConfigureAwait(false);
            return;
        }

        deleted.AddRange(found.IsReadable ? own.Skip(found.Needed!.Value - 1) : []);
        List<Chunk> failed = [];
        await DeletePartsAsync(found.Chunk, deleted.Select(i => found.Chunk.Objects[i]), failed, cancellationToken).ConfigureAwait(false);
        left.AddRange(failed);
        deleted.AddRange(Where(found, PartState.Foreign));
        left.Add(PartMask.Keep(found.Chunk, i => !deleted.Contains(i)));
    }

    private static IEnumerable<int> Where(Inspection found, PartState wanted) => Enumerable.Range(0, found.States.Length).Where(i => found.States[i] == wanted);

    /// <summary>Deletes parts of one chunk. The unreachable ones are left as a chunk without a hash.</summary>
    private async ValueTask DeletePartsAsync(Chunk chunk, IEnumerable<Part> parts, List<Chunk> left, CancellationToken cancellationToken)
    {
        Chunk rest = new() { ChunkSize = chunk.ChunkSize };
        foreach (Part part in parts)
        {
            if (!PartMask.IsMasked(part) && !await TryDeleteAsync(PartMask.Alone(chunk, part), cancellationToken).ConfigureAwait(false))
                rest.Objects.Add(part);
        }

        if (rest.Objects.Count > 0)
            left.Add(rest);
    }

    private async ValueTask<bool> TryDeleteAsync(Chunk part, CancellationToken cancellationToken)
    {
        for (int tries = 0; tries < Tries; tries++)
        {
            if (await client.AskShardAsync(part.Objects[0].ShardID, isDoubted: tries > 0,
                cancellationToken).ConfigureAwait(false) is ShardState state and not ShardState.Up)
                return state == ShardState.Gone;
            try
            {
                await client.DeleteAsync([part], cancellationToken).ConfigureAwait(false);
                return true;
            }
            catch (DaemonException failure) when (failure.Kind is FailureKind.Gone or FailureKind.NoSuchShard)
            {
                return true;
            }
            catch (DaemonException failure) when (failure.Kind == FailureKind.ShardsDown)
            {
                // The shard has just gone down, or the connection dates from before its restart.
            }
        }

        return false;
    }
}
