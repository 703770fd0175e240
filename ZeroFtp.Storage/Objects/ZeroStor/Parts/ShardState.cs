namespace ZeroFtp.Storage.Objects.ZeroStor.Parts;

/// <summary>Whether the daemons reach a shard.</summary>
internal enum ShardState
{
    /// <summary>It answers.</summary>
    Up,

    /// <summary>It does not answer now.</summary>
    Down,

    /// <summary>It left the daemons' configuration, or the operator declared that it will not come back.</summary>
    Gone,
}
