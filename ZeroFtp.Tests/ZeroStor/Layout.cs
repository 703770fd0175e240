namespace ZeroFtp.ZeroStor;

/// <summary>How a block becomes parts. Without parity and with more than one data shard the daemon keeps whole copies; otherwise it codes.</summary>
/// <param name="Needed">Parts that give the block back.</param>
/// <param name="Total">Parts of a block, each on a shard of its own; there may be more shards than that.</param>
/// <param name="IsReplicated">Whether each part is a whole copy.</param>
internal readonly record struct Layout(int Needed, int Total, bool IsReplicated)
{
    public static Layout Of(StandInOptions options, int shards)
    {
        int data = options.DataShards ?? shards - options.Parity;
        return options.Parity == 0 ? new Layout(1, data, true) : new Layout(data, data + options.Parity, false);
    }
}
