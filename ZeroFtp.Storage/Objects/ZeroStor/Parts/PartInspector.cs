using System.Collections.Concurrent;
using ZeroFtp.Storage.Objects.ZeroStor.Memory;
using ZeroFtp.Storage.Objects.ZeroStor.Schema;
using Part = ZeroFtp.Storage.Objects.ZeroStor.Schema.Object;

namespace ZeroFtp.Storage.Objects.ZeroStor.Parts;

/// <summary>
/// Finds out to which object the parts that a reference names belong. The daemon's check only says that something intact is stored under a key; after a shard
/// was emptied, that may be a part of another object. The proof is a read of exactly as many parts as restore the block, whose hash the daemon compares: if the
/// hash matches, each of them is ours.
/// </summary>
/// <remarks>Example for 3+1: a read of the parts 0, 1, 2 and one of 1, 2, 3 prove all four. If the first fails and 1, 2, 3 match, part 0 is foreign.</remarks>
internal sealed class PartInspector(ZeroStorClient client)
{
    /// <summary>Maximum number of parts that are left out at the same time; the number of reads grows with each.</summary>
    private const int MaxLeftOut = 3;

    /// <summary>A daemon pools up to five connections to a shard, each of which fails once after the shard was restarted.</summary>
    private const int Tries = 6;

    // Maps the number of a block's parts to the number that restores it. The daemons do not reveal their configuration.
    private readonly ConcurrentDictionary<int, int> _needed = new();

    /// <summary>
    /// True if all parts of all chunks exist and are ours. The number of reads is the number of a block's parts divided by the number needed to restore it.
    /// </summary>
    /// <param name="chunks">The chunks of a reference.</param>
    /// <param name="isRight">Checks the content of each read beyond what the daemon compares; may be null.</param>
    /// <param name="cancellationToken">Cancels the proof.</param>
    public async ValueTask<bool> ProveAsync(IReadOnlyList<Chunk> chunks, Func<Octets, bool>? isRight, CancellationToken cancellationToken)
    {
        int parts = chunks[0].Objects.Count;
        if (!chunks.All(chunk => chunk.Objects.Count == parts && chunk.Hash.Length > 0 && !chunk.Objects.Any(PartMask.IsMasked)))
            return false;
        if (!_needed.TryGetValue(parts, out int needed))
        {
            await InspectAsync(chunks[0], cancellationToken).ConfigureAwait(false);
            if (!_needed.TryGetValue(parts, out needed))
                return false;
        }

        for (int at = 0; at < parts; at += needed)
        {
            int from = Math.Min(at, parts - needed);
            Chunk[] window = [.. chunks.Select(chunk => PartMask.Keep(chunk, i => i >= from && i < from + needed))];
            if (await ReadAsync(window, isRight, cancellationToken).ConfigureAwait(false) != Answer.Right)
                return false;
        }

        return true;
    }

    /// <summary>Determines the state of each part of a chunk.</summary>
    public async ValueTask<Inspection> InspectAsync(Chunk chunk, CancellationToken cancellationToken)
    {
        PartState[] states = new PartState[chunk.Objects.Count];
        List<int> present = [];
        for (int i = 0; i < states.Length; i++)
        {
            states[i] = await LookAsync(chunk, chunk.Objects[i], cancellationToken).ConfigureAwait(false);
            if (states[i] == PartState.Unproven)
                present.Add(i);
        }

        int? needed = await FindNeededAsync(chunk, present, cancellationToken).ConfigureAwait(false);
        if (needed is not int count || present.Count < count
            || await FindOwnAsync(chunk, present, count, cancellationToken).ConfigureAwait(false) is not int[] own)
            return new Inspection(chunk, states, needed);
        foreach (int i in own)
            states[i] = PartState.Ours;
        foreach (int i in present.Where(i => states[i] != PartState.Ours))
        {
            states[i] = await ReadAsync(chunk, [i, .. own.Take(count - 1)], cancellationToken).ConfigureAwait(false) switch
            {
                Answer.Right => PartState.Ours,
                Answer.Wrong => PartState.Foreign,
                _ => PartState.OutOfReach,
            };
        }

        return new Inspection(chunk, states, needed);
    }

    private async ValueTask<PartState> LookAsync(Chunk chunk, Part part, CancellationToken cancellationToken)
    {
        if (PartMask.IsMasked(part))
            return PartState.Lost;
        // A check over a broken connection gives the same answer as a lost part.
        for (int tries = 0; tries < Tries; tries++)
        {
            switch (await client.AskShardAsync(part.ShardID, isDoubted: tries > 0, cancellationToken).ConfigureAwait(false))
            {
                case ShardState.Down:
                    return PartState.OutOfReach;
                case ShardState.Gone:
                    return PartState.Lost;
                default:
                    if (await client.CheckAsync([PartMask.Alone(chunk, part)], fast: false, cancellationToken).ConfigureAwait(false) != CheckStatus.Invalid)
                        return PartState.Unproven;
                    break;
            }
        }

        return PartState.Lost;
    }

    /// <summary>
    /// Finds out how many parts a read needs: the smallest number of intact parts with which the daemon gets as far as decoding, whether the result is right or
    /// not.
    /// </summary>
    private async ValueTask<int?> FindNeededAsync(Chunk chunk, List<int> present, CancellationToken cancellationToken)
    {
        if (_needed.TryGetValue(chunk.Objects.Count, out int known))
            return known;
        for (int count = 1; count <= present.Count; count++)
        {
            for (int tries = 0; tries < Tries; tries++)
            {
                if (await ReadAsync(chunk, [.. present.Take(count)], cancellationToken).ConfigureAwait(false) == Answer.TooFew)
                    continue;
                _needed[chunk.Objects.Count] = count;
                return count;
            }
        }

        return null;
    }

    /// <summary>
    /// Finds as many parts as a read needs that are proven to be ours. Leaves out no part at first, then one, then two, up to <see cref="MaxLeftOut"/>.
    /// </summary>
    private async ValueTask<int[]?> FindOwnAsync(Chunk chunk, List<int> present, int needed, CancellationToken cancellationToken)
    {
        int most = needed == 1 ? present.Count - 1 : Math.Min(present.Count - needed, MaxLeftOut);
        HashSet<string> tried = [];
        foreach (int[] own in Enumerable.Range(0, most + 1)
            .SelectMany(count => Choose(present, count)).Select(left => present.Except(left).Take(needed).ToArray()))
        {
            if (!tried.Add(string.Join(' ', own)))
                continue;
            if (await ReadAsync(chunk, own, cancellationToken).ConfigureAwait(false) == Answer.Right)
                return own;
        }

        return null;
    }

    private static IEnumerable<int[]> Choose(List<int> from, int count, int first = 0)
    {
        if (count == 0)
            yield return [];
        for (int i = first; count > 0 && i <= from.Count - count; i++)
        {
            foreach (int[] rest in Choose(from, count - 1, i + 1))
                yield return [from[i], .. rest];
        }
    }

    private ValueTask<Answer> ReadAsync(Chunk chunk, int[] parts, CancellationToken cancellationToken) =>
        ReadAsync([PartMask.Keep(chunk, i => parts.Contains(i))], null, cancellationToken);

    private async ValueTask<Answer> ReadAsync(Chunk[] chunks, Func<Octets, bool>? isRight, CancellationToken cancellationToken)
    {
        try
        {
            using Octets? octets = await client.TryReadAsync(chunks, cancellationToken).ConfigureAwait(false);
            return octets is not null && (isRight is null || isRight(octets)) ? Answer.Right : Answer.Wrong;
        }
        catch (Daemons.DaemonException failure) when (failure.IsOfShards)
        {
            return Answer.TooFew;
        }
    }

    private enum Answer
    {
        Right,
        Wrong,
        TooFew,
    }
}
