namespace ZeroFtp.ZeroStor.Shards;

/// <summary>What a shard knows of a part without reading it.</summary>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Seconds">When it was stored, in seconds since 1970.</param>
internal readonly record struct ShardEntry(int Length, long Seconds);
