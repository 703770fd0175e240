using ZeroFtp.ZeroStor.Shards;

namespace ZeroFtp.ZeroStor;

/// <summary>What a stand-in daemon is started with.</summary>
public sealed record StandInOptions
{
    /// <summary>Address and port, port 0 for any, or unix:/path.</summary>
    public string Listen { get; init; } = "127.0.0.1:0";

    /// <summary>Address and port of the switches over HTTP, or null for none.</summary>
    public string? Admin { get; init; }

    /// <summary>Shards in all. With more of them than a block has parts, each write takes some.</summary>
    public int Shards { get; init; } = 4;

    /// <summary>Data parts of a block; with no <see cref="Parity"/> the number of whole copies. All shards that parity leaves unless it is given.</summary>
    public int? DataShards { get; init; }

    /// <summary>Parity parts of a block: how many of its parts may be missing. With none a block is kept in whole copies.</summary>
    public int Parity { get; init; } = 1;

    /// <summary>Where the shards' files are; null keeps all in memory.</summary>
    public string? Data { get; init; }

    /// <summary>Shards that several daemons of one process share, in place of own ones. The caller disposes them.</summary>
    public ShardSet? Shared { get; init; }

    /// <summary>Plain bytes of a block.</summary>
    public int BlockSize { get; init; } = 1 << 20;

    /// <summary>Encrypts blocks, which also makes the stored size differ from the plain one.</summary>
    public bool Encrypt { get; init; }

    /// <summary>Hashes blocks by HMAC with SHA-256, as a daemon with that configuration does, in place of a fast hash that no daemon has.</summary>
    public bool HashesBySha256 { get; init; }

    /// <summary>Whether FileService and MetadataService exist.</summary>
    public bool HasMetadataStore { get; init; } = true;

    /// <summary>Called when the daemon dies of a request; a process ends itself here.</summary>
    public Action? Killed { get; init; }
}
