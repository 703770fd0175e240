using ZeroFtp.Storage.Objects.ZeroStor.Direct;

namespace ZeroFtp.Storage.Objects.ZeroStor;

/// <summary>
/// How content is kept in 0-db without a daemon. All but the limits must be what the daemons have in their configuration (<c>datastor</c>), if there are
/// any: nothing of it is stored with the content, and whoever reads it
/// needs what the writer had.
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
    /// With how many parts a block counts as stored while there are no shards for more; null for all of them. The scrub adds the missing parts when there
    /// are shards again.
    /// </summary>
    public int? MinimumParts { get; init; }

    /// <summary>How many connections to each shard are kept at most.</summary>
    public int ConnectionsPerShard { get; init; } = 4;

    /// <summary>How many blocks are written or read at a time, over all transfers.</summary>
    public int MaxBlocksInFlight { get; init; } = 16;

    /// <summary>After how long a read asks one more shard than it needs.</summary>
    public TimeSpan HedgeReadsAfter { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Returns every fault as a sentence; empty if there is none.</summary>
    public IReadOnlyList<string> Validate() => DirectOptions.TryFrom(this, null, out DirectOptions? options) is { Count: > 0 } faults ? faults : options!.Validate();
}
