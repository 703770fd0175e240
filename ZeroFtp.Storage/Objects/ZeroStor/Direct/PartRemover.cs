using System.Buffers;
using System.IO.Hashing;
using Google.Protobuf;
using ZeroFtp.Storage.Objects.ZeroStor.Direct.Coding;
using ZeroFtp.Storage.Objects.ZeroStor.Direct.Shards;
using ZeroFtp.Storage.Objects.ZeroStor.Parts;
using ZeroFtp.Storage.Objects.ZeroStor.Schema;
using ZeroFtp.Storage.Objects.ZeroStor.Wire;
using Part = ZeroFtp.Storage.Objects.ZeroStor.Schema.Object;

namespace ZeroFtp.Storage.Objects.ZeroStor.Direct;

/// <summary>Deletes objects part by part, and only parts that are proven to be of that object: a shard that was emptied gives old keys to new parts.</summary>
/// <remarks>
/// The proof is a read of all parts and their comparison with what the content encodes to. A part whose shard does not answer is left with a digest of
/// its own, which it has by then, so that it can be proven alone when
/// the shard is back. Example for 3+1 with one shard down: three parts are read, compared and deleted; what is left is a chunk of one part whose hash is
/// the digest of the fourth.
/// </remarks>
internal sealed class PartRemover(ShardMap shards, BlockCodec codec, PartReader reader, bool compares, ZeroStorEvents events, ZeroStorMetrics metrics)
{
    /// <summary>What tells the digest of a part from the hash of a block: its length, which no hash of the format has.</summary>
    private const int PartDigestLength = 16;

    /// <returns>What can only be deleted later, or null.</returns>
    public async ValueTask<string?> DeleteAsync(string reference, CancellationToken cancellationToken)
    {
        List<Chunk> left = [];
        foreach (Chunk chunk in ChunkReference.Decode(reference))
        {
            // Without a hash it is what was left of a block whose parts had been proven.
            if (!compares || chunk.Hash.Length == 0)
                await DeletePartsAsync(chunk.Objects, left, cancellationToken).ConfigureAwait(false);
            else if (chunk.Hash.Length == PartDigestLength)
                await DeleteAloneAsync(chunk, left, cancellationToken).ConfigureAwait(false);
            else
                await DeleteProvenAsync(chunk, left, cancellationToken).ConfigureAwait(false);
        }
        return left.Count == 0 ? null : ChunkReference.Encode(left);
    }

    public async ValueTask<bool> DeleteOwnAsync(IReadOnlyList<Chunk> chunks, CancellationToken cancellationToken)
    {
        List<Chunk> left = [];
        foreach (Chunk chunk in chunks)
            await DeletePartsAsync(chunk.Objects, left, cancellationToken).ConfigureAwait(false);
        return left.Count == 0;
    }

    private async ValueTask DeleteProvenAsync(Chunk chunk, List<Chunk> left, CancellationToken cancellationToken)
    {
        FetchedParts parts = await reader.FetchAllAsync(chunk, cancellationToken).ConfigureAwait(false);
        // The content is not known to be longer than a block, but a daemon may have another block size.
        byte[] content = ArrayPool<byte>.Shared.Rent(Math.Max(codec.Format.BlockSize, 32 * 1024 * 1024));
        try
        {
            if (!reader.TryJudge(chunk, parts, content, out _))
            {
                if (parts.Count(PartState.OutOfReach) > 0)
                    left.Add(chunk);
                else
                    LeaveUnproven(parts.Count(PartState.Unproven));
                return;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(content);
        }
        int foreign = parts.Count(PartState.Foreign);
        if (foreign > 0)
        {
            metrics.PartsForeign(foreign);
            events.PartsForeign(foreign);
        }
        await DeletePartsAsync(chunk.Objects.Where((_, i) => parts.States[i] == PartState.Ours), left, cancellationToken).ConfigureAwait(false);
        if (parts.Count(PartState.OutOfReach) > 0)
            LeaveForLater(chunk, parts, left);
    }

    private void LeaveForLater(Chunk chunk, FetchedParts parts, List<Chunk> left)
    {
        int size = (int)chunk.ChunkSize;
        int[] good = [.. Enumerable.Range(0, parts.States.Length).Where(i => parts.States[i] == PartState.Ours).Take(codec.Format.PartsToRead)];
        byte[] processed = ArrayPool<byte>.Shared.Rent(codec.RoomToJoin(size));
        try
        {
            codec.Join(size, parts.Values, good, processed);
            using EncodedBlock block = codec.Divide(processed.AsSpan(0, size), default);
            LeaveForLater(chunk, parts, block, left);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(processed);
        }
    }

    private static void LeaveForLater(Chunk chunk, FetchedParts parts, EncodedBlock block, List<Chunk> left)
    {
        for (int i = 0; i < parts.States.Length; i++)
        {
            if (parts.States[i] == PartState.OutOfReach)
                left.Add(new Chunk { ChunkSize = block[i].Length, Hash = ByteString.CopyFrom(XxHash128.Hash(block[i].Span)), Objects = { chunk.Objects[i] } });
        }
    }

    private async ValueTask DeleteAloneAsync(Chunk chunk, List<Chunk> left, CancellationToken cancellationToken)
    {
        Part part = chunk.Objects[0];
        if (shards.IsGone(part.ShardID))
            return;
        try
        {
            byte[] value = shards.Find(part.ShardID) is { } shard ? await shard.GetAsync(part.Key.Memory, cancellationToken).ConfigureAwait(false)
                : throw new ZdbException(ZdbFailure.Unreachable, part.ShardID, "It is not configured.");
            if (value.Length == 0)
                return;
            if (chunk.Hash.Span.SequenceEqual(XxHash128.Hash(value)))
                await DeletePartsAsync([part], left, cancellationToken).ConfigureAwait(false);
            else
                LeaveUnproven(1);
        }
        catch (ZdbException)
        {
            left.Add(chunk);
        }
    }

    /// <summary>Deletes parts that are known to be ours; those that cannot be reached are left as a chunk without a hash.</summary>
    private async ValueTask DeletePartsAsync(IEnumerable<Part> parts, List<Chunk> left, CancellationToken cancellationToken)
    {
        Chunk rest = new() { ChunkSize = 1 };
        Part[] there = [.. parts.Where(part => !PartMask.IsMasked(part) && !shards.IsGone(part.ShardID))];
        bool[] done = await Task.WhenAll(there.Select(TryDeleteAsync)).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        rest.Objects.AddRange(there.Where((_, i) => !done[i]));
        if (rest.Objects.Count > 0)
            left.Add(rest);
    }

    private async Task<bool> TryDeleteAsync(Part part)
    {
        if (shards.Find(part.ShardID) is not { } shard)
            return false;
        try
        {
            await shard.DeleteAsync(part.Key.Memory, CancellationToken.None).ConfigureAwait(false);
            return true;
        }
        catch (ZdbException)
        {
            return false;
        }
    }

    private void LeaveUnproven(int parts)
    {
        if (parts == 0)
            return;
        metrics.PartsLeft(parts);
        events.PartsLeft(parts);
    }
}
