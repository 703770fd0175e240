using System.Net.Sockets;
using Npgsql;
using ZeroFtp.Storage.Metadata.Sql;

namespace ZeroFtp.Storage.Metadata.Postgres;

/// <summary>What a database error means for the unit that failed with it.</summary>
internal enum FaultKind
{
    /// <summary>The unit was not applied and can be retried at once.</summary>
    Retry,

    /// <summary>It is unknown whether the unit was applied; a retry finds out.</summary>
    Lost,

    /// <summary>The unit was never sent.</summary>
    NotSent,

    /// <summary>A retry would not help.</summary>
    Final,
}

/// <summary>Classifies errors. Npgsql's IsTransient does not fit: it is true for a full disk and false for a statement whose completion is unknown.</summary>
internal static class SqlStates
{
    public static FaultKind Classify(Exception fault, bool sent) => fault switch
    {
        PostgresException { SqlState: "40001" or "40P01" } => FaultKind.Retry,
        // PostgreSQL sometimes reports the duplicate before the serialization conflict that explains it.
        PostgresException { SqlState: "23505" } => FaultKind.Retry,
        // Two processes create the schema at the same time: IF NOT EXISTS checks before the other one's table, or its type, is visible.
        PostgresException { SqlState: "42P07" or "42710" } => FaultKind.Retry,
        PostgresException { SqlState: "40003" or "57P01" or "57P02" or "57P05" } => sent ? FaultKind.Lost : FaultKind.NotSent,
        // CockroachDB's errors while a node or a range is away, and when a node's query memory is exhausted. 53200 means memory, not disk, in PostgreSQL too.
        PostgresException { SqlState: "58C00" or "58C01" or "XXUUU" or "53200" } => sent ? FaultKind.Lost : FaultKind.NotSent,
        // The host is a standby, which has no serializable transactions; another host may be the primary.
        PostgresException { SqlState: "0A000" } other when other.MessageText.Contains("hot standby", StringComparison.Ordinal) => FaultKind.NotSent,
        // A message that is too large for the protocol will be too large the next time, too.
        PostgresException { SqlState: "08P01" } => FaultKind.Final,
        PostgresException { SqlState: "57P03" or "53300" or "55000" or "25006" } => FaultKind.NotSent,
        PostgresException other when other.SqlState.StartsWith("08", StringComparison.Ordinal) => sent ? FaultKind.Lost : FaultKind.NotSent,
        PostgresException => FaultKind.Final,
        NpgsqlException or IOException or SocketException or TimeoutException or ObjectDisposedException => sent ? FaultKind.Lost : FaultKind.NotSent,
        _ => FaultKind.Final,
    };

    /// <summary>True if the connection failed, and not one statement on it: the next attempt would fail in the same way.</summary>
    public static bool IsRefusal(Exception fault) => fault switch
    {
        PostgresException { SqlState: "57P01" or "57P02" or "57P03" or "57P05" or "53300" } => true,
        PostgresException { SqlState: "08P01" } => false,
        PostgresException other => other.SqlState.StartsWith("08", StringComparison.Ordinal),
        NpgsqlException or IOException or SocketException or TimeoutException => true,
        _ => false,
    };

    public static MetadataException Translate(Exception fault) => fault switch
    {
        MetadataException known => known,
        // CockroachDB names only the column.
        PostgresException { SqlState: "23502" } broken when broken.TableName == MarkSql.Table
            || broken.MessageText.Contains("\"run\"", StringComparison.Ordinal)
            => new MetadataException(MetadataError.Overtaken, "An earlier run of the operation was applied.", fault),
        PostgresException { SqlState: "53100" } => new MetadataException(MetadataError.Full, "The database is out of disk space.", fault),
        PostgresException { SqlState: "XXC02" } unlicensed =>
            new MetadataException(MetadataError.Unusable, "CockroachDB throttles this cluster because it has no licence: " + unlicensed.MessageText, fault),
        PostgresException { SqlState: "28000" or "28P01" or "3D000" or "42501" } refused =>
            new MetadataException(MetadataError.Unusable, "The database refuses access: " + refused.MessageText, fault),
        PostgresException other when other.SqlState.StartsWith("23", StringComparison.Ordinal) || other.SqlState.StartsWith("42", StringComparison.Ordinal)
            || other.SqlState.StartsWith("22", StringComparison.Ordinal)
            => new MetadataException(MetadataError.Broken, "A unit would violate a constraint of the metadata: " + other.MessageText, fault),
        _ => new MetadataException(MetadataError.Unavailable, "The database does not answer: " + fault.Message, fault),
    };
}
