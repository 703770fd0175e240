using System.Text;
using ZeroFtp.Storage.Objects.ZeroStor.Direct.Coding;
using ZeroFtp.Storage.Objects.ZeroStor.Direct.Shards;

namespace ZeroFtp.Storage.Objects.ZeroStor.Direct;

/// <summary>How content is kept in 0-db without a daemon.</summary>
internal sealed record DirectOptions
{
    private static readonly Dictionary<string, BlockCompression> Compressions = new(StringComparer.Ordinal)
    {
        ["none"] = BlockCompression.None,
        ["snappy"] = BlockCompression.Snappy,
        ["lz4"] = BlockCompression.Lz4,
        ["gzip"] = BlockCompression.Gzip,
    };

    private static readonly Dictionary<string, BlockHash> Hashes = new(StringComparer.Ordinal)
    {
        ["blake2b_256"] = BlockHash.Blake2b256,
        ["blake2b_512"] = BlockHash.Blake2b512,
        ["sha_256"] = BlockHash.Sha256,
        ["sha_512"] = BlockHash.Sha512,
    };

    /// <summary>The shards, each once, with the names that references have for them.</summary>
    public required IReadOnlyList<ShardAddress> Shards { get; init; }

    /// <summary>What the daemons that share these shards are configured with, or would be.</summary>
    public required BlockFormat Format { get; init; }

    /// <summary>
    /// With how many parts a block counts as stored if fewer shards than parts accept one; null for all of its parts. The scrub adds the others later.
    /// </summary>
    public int? MinimumParts { get; init; }

    /// <summary>How many connections to a shard are kept at most.</summary>
    public int ConnectionsPerShard { get; init; } = 4;

    /// <summary>How many blocks are written or read at a time, over all transfers. Each holds its parts in memory.</summary>
    public int MaxBlocksInFlight { get; init; } = 16;

    /// <summary>How long connecting to a shard may take.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long one command may take.</summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>After how long a read asks one more shard than it needs.</summary>
    public TimeSpan HedgeAfter { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long an operation is retried before it fails.</summary>
    public TimeSpan RetryBudget { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The delay before the first retry; later ones double up to <see cref="MaxRetryDelay"/>.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(50);

    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long the circuit of a failing shard stays open.</summary>
    public TimeSpan BreakerPause { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Returns every fault as a sentence that begins with the property of <see cref="ZeroStorDirectOptions"/>; empty if there is none.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> faults = [.. Format.Validate()];
        int parts = Format.Parts;
        // Compression and encryption add far less than a hundredth to a block that does not become smaller.
        long mostBytes = (RespReader.MaxValueLength - RespReader.MaxValueLength / 100) * (long)Math.Max(1, Format.PartsToRead);
        if (Format.BlockSize > mostBytes)
            faults.Add($"BlockBytes must be at most {mostBytes}, so that each part of a block fits into a value of 0-db.");
        if (Shards.Count < parts)
            faults.Add($"Shards must be at least {parts}, not {Shards.Count}: each part of a block is on a shard of its own.");
        if (Shards.Select(static shard => shard.Id).Distinct(StringComparer.Ordinal).Count() != Shards.Count)
            faults.Add("Shards must not name one shard twice.");
        if (MinimumParts is { } minimum && (minimum < Format.PartsToRead || minimum > parts))
            faults.Add($"MinimumParts must be between {Format.PartsToRead} and {parts}.");
        if (ConnectionsPerShard is < 1 or > 256)
            faults.Add("ConnectionsPerShard must be between 1 and 256.");
        if (MaxBlocksInFlight is < 1 or > 4096)
            faults.Add("MaxBlocksInFlight must be between 1 and 4,096.");
        if (HedgeAfter <= TimeSpan.Zero)
            faults.Add("HedgeReadsAfter must be above 0.");
        if (ConnectTimeout <= TimeSpan.Zero)
            faults.Add("ConnectTimeout must be above 0.");
        if (CommandTimeout < TimeSpan.FromMilliseconds(10))
            faults.Add("CallTimeout must be at least 10 ms.");
        if (RetryBudget < TimeSpan.Zero)
            faults.Add("RetryBudget must not be negative.");
        if (BreakerPause < TimeSpan.FromMilliseconds(500))
            faults.Add("BreakerPause must be at least half a second.");
        return faults;
    }

    /// <exception cref="ArgumentException">The settings are not valid; the message names every fault.</exception>
    public static DirectOptions Of(ZeroStorDirectOptions direct, ZeroStorOptions common) =>
        TryFrom(direct, common, out DirectOptions? options) is { Count: > 0 } faults ? throw new ArgumentException(string.Join(' ', faults), nameof(direct))
            : options!;

    /// <summary>Reads what an operator or an embedder has set.</summary>
    /// <param name="direct">The settings.</param>
    /// <param name="common">The times that hold for either way to the shards; null for their defaults.</param>
    /// <param name="options">What they mean; null if they mean nothing.</param>
    /// <returns>Every fault as a sentence.</returns>
    public static IReadOnlyList<string> TryFrom(ZeroStorDirectOptions direct, ZeroStorOptions? common, out DirectOptions? options)
    {
        List<string> faults = [];
        List<ShardAddress> shards = [];
        foreach (string text in direct.Shards)
        {
            if (ShardAddress.TryParse(text, direct.Password, out ShardAddress? shard))
                shards.Add(shard!);
            else
                faults.Add($"Shards must be namespace@host:port, not '{text}'.");
        }
        if (!Compressions.TryGetValue(direct.Compression, out BlockCompression compression))
            faults.Add($"Compression must be one of {string.Join(", ", Compressions.Keys)}, not '{direct.Compression}'.");
        if (!Hashes.TryGetValue(direct.Hash, out BlockHash hash))
            faults.Add($"Hash must be one of {string.Join(", ", Hashes.Keys)}, not '{direct.Hash}'.");
        common ??= new ZeroStorOptions();
        options = faults.Count > 0 ? null : new DirectOptions
        {
            Shards = shards,
            Format = new BlockFormat
            {
                BlockSize = direct.BlockBytes,
                Compression = compression,
                EncryptionKey = Encoding.UTF8.GetBytes(direct.EncryptionKey),
                Hash = hash,
                HashKey = Encoding.UTF8.GetBytes(direct.HashKey),
                DataParts = direct.DataParts,
                ParityParts = direct.ParityParts,
            },
            MinimumParts = direct.MinimumParts,
            ConnectionsPerShard = direct.ConnectionsPerShard,
            MaxBlocksInFlight = direct.MaxBlocksInFlight,
            HedgeAfter = direct.HedgeReadsAfter,
            ConnectTimeout = common.ConnectTimeout,
            CommandTimeout = common.CallTimeout,
            RetryBudget = common.RetryBudget,
            RetryDelay = common.RetryDelay,
            MaxRetryDelay = common.MaxRetryDelay,
            BreakerPause = common.BreakerPause,
        };
        return faults;
    }
}
