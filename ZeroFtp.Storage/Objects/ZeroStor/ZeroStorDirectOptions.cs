using ZeroFtp.Storage.Objects.ZeroStor.Direct;

namespace ZeroFtp.Storage.Objects.ZeroStor;

/// <summary>
/// How content is stored in 0-db without a daemon. Everything but the limits must match the configuration of the daemons (<c>datastor</c>), if there are any:
/// none of it is stored with the content, and a reader needs the writer's settings.
/// </summary>
public sealed record ZeroStorDirectOptions
{
    /// <summary>The shards, each as <c>namespace@host:port</c>, written exactly as in the daemons' configuration, since references name them so.</summary>
    public required IReadOnlyList<string> Shards { get; init; }

    /// <summary>The password of the namespaces; empty for none.</summary>
    public string Password { get; init; } = "";

    /// <summary>The data parts of the erasure code (<c>data_shards</c>), or the number of copies if there are no parity parts.</summary>
    public int DataParts { get; init; } = 1;

    /// <summary>The parity parts of the erasure code (<c>parity_shards</c>); 0 for copies.</summary>
    public int ParityParts { get; init; }

    /// <summary>The most bytes of content in a block (<c>block_size</c>).</summary>
    public int BlockBytes { get; init; } = 1 << 20;

    /// <summary>How blocks are compressed: <c>none</c>, <c>snappy</c>, <c>lz4</c> or <c>gzip</c>.</summary>
    public string Compression { get; init; } = "snappy";

    /// <summary>The key of AES-GCM (<c>encryption.private_key</c>): 16, 24 or 32 bytes of UTF-8; empty for no encryption.</summary>
    public string EncryptionKey { get; init; } = "";

    /// <summary>The hash of a block: <c>blake2b_256</c>, <c>blake2b_512</c>, <c>sha_256</c> or <c>sha_512</c>.</summary>
    public string Hash { get; init; } = "blake2b_256";

    /// <summary>The key of the hash (<c>hashing.private_key</c>); empty for the encryption key.</summary>
    public string HashKey { get; init; } = "";

    /// <summary>
    /// The number of stored parts with which a block counts as stored while no shards accept more; null for all parts. The scrub adds the missing parts when
    /// shards are available again.
    /// </summary>
    public int? MinimumParts { get; init; }

    /// <summary>Maximum number of connections to each shard.</summary>
    public int ConnectionsPerShard { get; init; } = 4;

    /// <summary>Maximum number of blocks written or read at a time, over all transfers.</summary>
    public int MaxBlocksInFlight { get; init; } = 16;

    /// <summary>How long a read waits before it asks one more shard than it needs.</summary>
    public TimeSpan HedgeReadsAfter { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Returns every fault as a sentence that begins with the property; empty if there is none.</summary>
    public IReadOnlyList<string> Validate() =>
        DirectOptions.TryFrom(this, null, out DirectOptions? options) is { Count: > 0 } faults ? faults : options!.Validate();
}
