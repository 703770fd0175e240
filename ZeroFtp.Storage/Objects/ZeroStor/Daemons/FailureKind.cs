namespace ZeroFtp.Storage.Objects.ZeroStor.Daemons;

/// <summary>Why a call to a daemon failed, as far as it decides what to do next.</summary>
internal enum FailureKind
{
    /// <summary>The daemon cannot be reached or dropped the connection: try another.</summary>
    Unreachable,

    /// <summary>An unknown failure: retry.</summary>
    Broken,

    /// <summary>Fewer shards are up than the call needs: retry, they may come back.</summary>
    ShardsDown,

    /// <summary>The stored content does not match its hash: read again, then repair.</summary>
    Corrupt,

    /// <summary>A part of the object is gone.</summary>
    Gone,

    /// <summary>Fewer parts are left than a read needs, although all shards answer: a retry cannot help.</summary>
    Lost,

    /// <summary>The shard is not in the daemon's configuration.</summary>
    NoSuchShard,

    /// <summary>The shards are full.</summary>
    Full,

    /// <summary>The daemon will never do it: a bug of ours, or a configuration error.</summary>
    Refused,
}
