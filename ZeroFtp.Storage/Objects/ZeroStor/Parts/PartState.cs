using ZeroFtp.Storage.Objects.ZeroStor.Schema;

namespace ZeroFtp.Storage.Objects.ZeroStor.Parts;

/// <summary>What lies under the key of a part.</summary>
internal enum PartState
{
    /// <summary>Something intact, but too few parts can be reached to know whose it is.</summary>
    Unproven,

    /// <summary>The part that was stored.</summary>
    Ours,

    /// <summary>Something else: a shard that was emptied counts from 0 again and has given the key to another object.</summary>
    Foreign,

    /// <summary>Nothing, or what the shard itself knows to be damaged.</summary>
    Lost,

    /// <summary>Not known: the shard cannot be reached.</summary>
    OutOfReach,
}

/// <summary>What became of the parts of one chunk.</summary>
/// <param name="Chunk">The chunk.</param>
/// <param name="States">One for each of its parts, in their order.</param>
/// <param name="Needed">How many parts give the chunk back, or null if that could not be found out.</param>
internal sealed record Inspection(Chunk Chunk, PartState[] States, int? Needed)
{
    public bool IsWhole => Array.TrueForAll(States, static state => state == PartState.Ours);

    public bool IsReadable => Needed is int needed && Count(PartState.Ours) >= needed;

    public bool HasOutOfReach => Count(PartState.OutOfReach) > 0;

    /// <summary>The chunk with just as many of its own parts as a read takes, so that no other can spoil it.</summary>
    public Chunk Readable()
    {
        int left = Needed ?? 0;
        return PartMask.Keep(Chunk, i => States[i] == PartState.Ours && left-- > 0);
    }

    public int Count(PartState wanted) => States.Count(state => state == wanted);
}
