namespace ZeroFtp.Storage.Objects.ZeroStor.Daemons;

/// <summary>Why a call of a daemon failed, as far as that decides what is done next.</summary>
internal enum FailureKind
{
    /// <summary>The daemon cannot be reached or broke off: try another.</summary>
    Unreachable,

    /// <summary>It failed in a way that is not known: try again.</summary>
    Broken,

    /// <summary>Fewer shards are up than the call needs: try again, they may come back.</summary>
    ShardsDown,

    /// <summary>What is stored does not match its hash: read again, then repair.</summary>
    Corrupt,

    /// <summary>A part of the object is gone.</summary>
    Gone,

    /// <summary>Fewer parts are left than a read takes, though all shards answer: nothing that is tried again can help.</summary>
    Lost,

    /// <summary>The shard is not in the daemon's configuration.</summary>
    NoSuchShard,

    /// <summary>The shards are full.</summary>
    Full,

    /// <summary>The daemon will never do it: a fault of ours or of the configuration.</summary>
    Refused,
}
