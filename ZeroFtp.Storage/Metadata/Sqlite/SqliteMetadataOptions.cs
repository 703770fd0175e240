using ZeroFtp.Storage.Objects;

namespace ZeroFtp.Storage.Metadata.Sqlite;

/// <summary>Options of the embedded store.</summary>
internal sealed record SqliteMetadataOptions : MetadataOptions
{
    /// <summary>The database file. If it is missing, it is created, readable by its owner only; its directory must exist.</summary>
    public required string Path { get; init; }

    /// <summary>True if the database must have a schema already because there is content that it should name; no schema is created then.</summary>
    public bool MustHaveSchema { get; init; }

    /// <summary>
    /// Takes the lock of the database's directory, or returns null if another process holds it. Called before a migration. Null means that this process already
    /// holds the lock, or that no other process knows the file.
    /// </summary>
    public Func<IDisposable?>? TryLock { get; init; }

    /// <summary>Full: a completed unit is on disk. Relaxed: a power failure may lose the last units, but never corrupts the database.</summary>
    public Durability Durability { get; init; } = Durability.Full;

    /// <summary>Disk space to continue with when the disk is full; null if there is none.</summary>
    public Objects.Local.SpaceReserve? Reserve { get; init; }

    /// <summary>The number of connections for reading.</summary>
    public int Readers { get; init; } = 4;

    /// <summary>Maximum page cache of each connection, in KiB.</summary>
    public int PageCacheKib { get; init; } = 8 << 10;

    /// <summary>How long to wait for another process (a tool) that is writing.</summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
