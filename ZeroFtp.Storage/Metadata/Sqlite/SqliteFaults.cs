using Microsoft.Data.Sqlite;

namespace ZeroFtp.Storage.Metadata.Sqlite;

/// <summary>What SQLite's faults mean for callers.</summary>
internal static class SqliteFaults
{
    public static MetadataException Translate(Exception fault) => fault switch
    {
        MetadataException told => told,
        SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_FULL } => new MetadataException(MetadataError.Full, "The disk with the metadata is full.", fault),
        SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED } => new MetadataException(MetadataError.Unavailable, "Another process keeps the metadata locked.", fault),
        SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB } => new MetadataException(MetadataError.Unusable, "The metadata file is damaged, or is no database.", fault),
        SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_CONSTRAINT } => new MetadataException(MetadataError.Broken, "A unit would break a rule of the metadata.", fault),
        SqliteException => new MetadataException(MetadataError.Unavailable, "The metadata file cannot be read or written.", fault),
        _ => new MetadataException(MetadataError.Broken, "A unit failed.", fault),
    };
}
