using ZeroFtp.Storage.Objects.ZeroStor;

namespace ZeroFtp.Host.Configuration;

/// <summary>The keys of a store that uses the shards of 0-stor without its daemons.</summary>
internal static class DirectBinder
{
    private const string Group = "storage:zeroStor:direct:";

    /// <returns>Null if no shards are given: the daemons are used.</returns>
    public static ZeroStorDirectOptions? Bind(ConfigurationReader reader)
    {
        ZeroStorDirectOptions defaults = new() { Shards = [] };
        int minimumParts = reader.Number(Group + "minimumParts", 0, 0, 254,
            "With how many parts a block counts as stored while too few shards accept one; the scrub adds the others later. 0: all parts.");
        // All keys are read in either case, so that each is a known one.
        ZeroStorDirectOptions options = new()
        {
            Shards = reader.Texts(Group + "shards", defaults.Shards,
                "The shards of 0-db, namespace@host:port as in the daemons' configuration. If there are any, they are used directly, not through daemons."),
            Password = reader.Text(Group + "password", defaults.Password, "The password of the namespaces.", KeyTraits.Secret),
            DataParts = reader.Number(Group + "dataParts", defaults.DataParts, 1, 254,
                "Data parts of the erasure code (data_shards); without parity parts the number of copies."),
            ParityParts = reader.Number(Group + "parityParts", defaults.ParityParts, 0, 253,
                "Parity parts of the erasure code (parity_shards): how many shards of a block may be lost; 0: copies."),
            BlockBytes = (int)Math.Min(int.MaxValue, reader.Size(Group + "blockBytes", defaults.BlockBytes,
                "The most content in a block (block_size); a part of one has to fit into the 8 MiB of a value of 0-db.")),
            Compression = reader.Text(Group + "compression", defaults.Compression, "How blocks are compressed: none, snappy, lz4 or gzip."),
            EncryptionKey = reader.Text(Group + "encryptionKey", defaults.EncryptionKey,
                "The key of AES-GCM (encryption.private_key), 16, 24 or 32 bytes of UTF-8; empty: no encryption. Another key cannot read what is stored.",
                KeyTraits.Secret),
            Hash = reader.Text(Group + "hash", defaults.Hash, "The hash of blocks: blake2b_256, blake2b_512, sha_256 or sha_512."),
            HashKey = reader.Text(Group + "hashKey", defaults.HashKey, "The key of the hash (hashing.private_key); empty: the encryption key.",
                KeyTraits.Secret),
            MinimumParts = minimumParts == 0 ? null : minimumParts,
            ConnectionsPerShard = reader.Number(Group + "connectionsPerShard", defaults.ConnectionsPerShard, 1, 256, "The most connections to each shard."),
            MaxBlocksInFlight = reader.Number(Group + "maxBlocksInFlight", defaults.MaxBlocksInFlight, 1, 4_096,
                "Blocks that are written or read at the same time, over all transfers; each holds its parts in memory."),
            HedgeReadsAfter = reader.Time(Group + "hedgeReadsAfter", defaults.HedgeReadsAfter, "After how long a read asks one more shard than it needs."),
        };
        return options.Shards.Count > 0 ? options : null;
    }
}
