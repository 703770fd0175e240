using ZeroFtp.Storage.Objects;

namespace ZeroFtp.Storage.Metadata.Sqlite;

/// <summary>What the embedded store can be told.</summary>
internal sealed record SqliteMetadataOptions : MetadataOptions
{
    /// <summary>The database file; it is created, readable by its owner only, if it does not exist. Its directory must exist.</summary>
    public required string Path { get; init; }

    /// <summary>Whether the database must have a schema already, since there is content that it should name: then none is made.</summary>
    public bool MustHaveSchema { get; init; }

    /// <summary>Takes the lock of the database's directory if nobody has it, otherwise gives null. It is taken to migrate. Null says that this process has the lock already, or that nobody else knows the file.</summary>
    public Func<IDisposable?>? TryLock { get; init; }

    /// <summary>Full: a unit that has ended is on the disk. Relaxed: a loss of power may take the last units, but never breaks the database.</summary>
    public Durability Durability { get; init; } = Durability.Full;

    /// <summary>The room of the disk that may be used to go on when there is no other; null if there is none.</summary>
    public Objects.Local.SpaceReserve? Reserve { get; init; }

    /// <summary>How many connections read at the same time.</summary>
    public int Readers { get; init; } = 4;

    /// <summary>The most memory that each connection uses for pages of the database, in KiB.</summary>
    public int PageCacheKib { get; init; } = 8 << 10;

    /// <summary>How long to wait for another process (a tool) that is writing.</summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
