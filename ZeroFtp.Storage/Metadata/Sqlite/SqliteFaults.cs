using Microsoft.Data.Sqlite;
using ZeroFtp.Storage.Metadata.Sql;

namespace ZeroFtp.Storage.Metadata.Sqlite;

/// <summary>Translates SQLite's errors.</summary>
internal static class SqliteFaults
{
    /// <summary>True for the exceptions that a database file can cause, whether it is intact or damaged.</summary>
    public static bool IsExpected(Exception fault) => fault is SqliteException or InvalidCastException or FormatException or OverflowException;

    /// <summary>True if the disk is full. The shared-memory file beside the log has an error code of its own for that.</summary>
    public static bool IsFull(Exception fault) =>
        fault is SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_FULL }
            or SqliteException { SqliteExtendedErrorCode: SQLitePCL.raw.SQLITE_IOERR_SHMSIZE }
            or MetadataException { Error: MetadataError.Full };

    public static MetadataException Translate(Exception fault) => fault switch
    {
        MetadataException known => known,
        _ when IsFull(fault) => new MetadataException(MetadataError.Full, "The disk with the metadata is full.", fault),
        SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED } =>
            new MetadataException(MetadataError.Unavailable, "Another process holds a lock on the metadata.", fault),
        SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB } =>
            new MetadataException(MetadataError.Unusable, "The metadata file is damaged, or is not a database.", fault),
        SqliteException { SqliteExtendedErrorCode: SQLitePCL.raw.SQLITE_CONSTRAINT_NOTNULL } overtaken when overtaken.Message.Contains(MarkSql.Table + ".run",
            StringComparison.Ordinal)
            => new MetadataException(MetadataError.Overtaken, "An earlier run of the operation was applied.", fault),
        SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_CONSTRAINT } =>
            new MetadataException(MetadataError.Broken, "A unit would violate a constraint of the metadata.", fault),
        InvalidCastException or FormatException or OverflowException =>
            new MetadataException(MetadataError.Unusable, "The metadata file is damaged: a value does not have its column's type.", fault),
        SqliteException => new MetadataException(MetadataError.Unavailable, "The metadata file cannot be read or written.", fault),
        _ => new MetadataException(MetadataError.Broken, "A unit failed.", fault),
    };
}
