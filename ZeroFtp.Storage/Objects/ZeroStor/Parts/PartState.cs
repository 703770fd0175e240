using ZeroFtp.Storage.Objects.ZeroStor.Schema;

namespace ZeroFtp.Storage.Objects.ZeroStor.Parts;

/// <summary>What is stored under the key of a part.</summary>
internal enum PartState
{
    /// <summary>Something intact, but too few parts are reachable to know to which object it belongs.</summary>
    Unproven,

    /// <summary>The part that was stored.</summary>
    Ours,

    /// <summary>Something else: a shard that was emptied counts from 0 again and has given the key to another object.</summary>
    Foreign,

    /// <summary>Nothing, or something that the shard itself knows to be damaged.</summary>
    Lost,

    /// <summary>Unknown: the shard cannot be reached.</summary>
    OutOfReach,
}

/// <summary>The states of the parts of one chunk.</summary>
/// <param name="Chunk">The chunk.</param>
/// <param name="States">The state of each part, in order.</param>
/// <param name="Needed">How many parts restore the chunk, or null if that could not be determined.</param>
internal sealed record Inspection(Chunk Chunk, PartState[] States, int? Needed)
{
    public bool IsWhole => Array.TrueForAll(States, static state => state == PartState.Ours);

    public bool IsReadable => Needed is int needed && Count(PartState.Ours) >= needed;

    public bool HasOutOfReach => Count(PartState.OutOfReach) > 0;

    /// <summary>Returns the chunk with exactly as many of its own parts as a read needs, so that no other part can spoil it.</summary>
    public Chunk Readable()
    {
        int left = Needed ?? 0;
        return PartMask.Keep(Chunk, i => States[i] == PartState.Ours && left-- > 0);
    }

    public int Count(PartState wanted) => States.Count(state => state == wanted);
}
