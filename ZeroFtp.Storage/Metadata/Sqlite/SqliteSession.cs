using System.Data;
using System.Data.Common;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using ZeroFtp.Storage.Metadata.Sql;
using ZeroFtp.Storage.Objects;

namespace ZeroFtp.Storage.Metadata.Sqlite;

/// <summary>A connection with its prepared commands. Used by one thread at a time.</summary>
internal sealed partial class SqliteSession : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _commands = [];

    public SqliteSession(SqliteMetadataOptions options, bool writes)
    {
        SqliteConnectionStringBuilder builder = new()
        {
            DataSource = options.Path,
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,
            ForeignKeys = true,
            DefaultTimeout = Math.Max(1, (int)options.BusyTimeout.TotalSeconds),
        };
        _connection = new SqliteConnection(builder.ToString());
        _connection.Open();
        KeepPlans();
        if (writes)
        {
            Execute("PRAGMA journal_mode = WAL");
            Execute("PRAGMA journal_size_limit = 67108864");
            Execute(options.Durability == Durability.Full ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
            Execute("PRAGMA wal_autocheckpoint = 4000");
        }
        else
        {
            Execute("PRAGMA query_only = ON");
        }
        Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA cache_size = -{options.PageCacheKib}"));
        Execute("PRAGMA temp_store = MEMORY");
        if (writes)
            Execute(MarkSql.TemporaryTable);
    }

    /// <summary>True if a transaction is open. Some errors, such as a full disk, end it.</summary>
    public bool IsInTransaction => SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle) == 0;

    /// <summary>A number that changes when another connection changes the database.</summary>
    public long DataVersion
    {
        get
        {
            using SqliteDataReader reader = Command("PRAGMA data_version").ExecuteReader();
            return reader.Read() ? reader.GetInt64(0) : 0;
        }
    }

    /// <summary>Fails if the open file is no longer the one at its path: everything written into it would be lost, although the writes succeed.</summary>
    /// <exception cref="MetadataException">Unavailable: the file was moved, removed or replaced.</exception>
    public void RequireInPlace()
    {
        int moved = 0;
        // Where the system cannot tell (Windows, where an open file cannot be moved) the answer stays 0.
        _ = FileControl(_connection.Handle!, null, HasMoved, ref moved);
        if (moved != 0)
            throw new MetadataException(MetadataError.Unavailable,
                $"The metadata file '{_connection.DataSource}' was moved, removed or replaced while it was in use.");
    }

    public void Dispose()
    {
        foreach (SqliteCommand command in _commands.Values)
            command.Dispose();
        _connection.Dispose();
    }

    /// <summary>Runs statements without parameters and results.</summary>
    public void Execute(string text) => Command(text).ExecuteNonQuery();

    /// <summary>Runs a unit to its end and reads its results. SQLite is synchronous, so every await completes at once.</summary>
    public T Run<T>(SqlUnit unit, SqlArgs args, Func<DbDataReader, CancellationToken, ValueTask<T>> read, out bool won)
    {
        SqliteCommand command = Command(unit.Text);
        Fill(command, args);
        using SqliteDataReader reader = command.ExecuteReader();
        won = unit.IsMarked && reader.Read();
        if (unit.IsMarked)
            reader.NextResult();
        ValueTask<T> reading = read(reader, CancellationToken.None);
        T value = reading.IsCompleted ? reading.GetAwaiter().GetResult()
            : throw new MetadataException(MetadataError.Broken, "A result was not read synchronously.");
        while (reader.NextResult())
        {
            // Requesting the remaining results runs the statements behind them.
        }
        return value;
    }

    /// <summary>
    /// Keeps query plans independent of bound values (LIMIT, conditions of partial indexes). Otherwise SQLite would parse and plan such a statement again each
    /// time values are bound.
    /// </summary>
    private void KeepPlans()
    {
        int code = SQLitePCL.raw.sqlite3_db_config(_connection.Handle, SQLitePCL.raw.SQLITE_DBCONFIG_ENABLE_QPSG, 1, out _);
        SqliteException.ThrowExceptionForRC(code, _connection.Handle);
    }

    private SqliteCommand Command(string text)
    {
        if (!_commands.TryGetValue(text, out SqliteCommand? command))
        {
            command = _connection.CreateCommand();
            command.CommandText = text;
            _commands.Add(text, command);
        }
        return command;
    }

    private static void Fill(SqliteCommand command, SqlArgs args)
    {
        SqliteParameterCollection parameters = command.Parameters;
        for (int i = 0; i < args.Items.Count; i++)
        {
            SqlArg arg = args.Items[i];
            if (i == parameters.Count)
                parameters.Add(new SqliteParameter("@" + arg.Name, TypeOf(arg.Type)));
            parameters[i].Value = arg.Value ?? DBNull.Value;
        }
    }

    // SQLITE_FCNTL_HAS_MOVED
    private const int HasMoved = 20;

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_file_control", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int FileControl(SQLitePCL.sqlite3 connection, string? name, int operation, ref int argument);

    private static SqliteType TypeOf(DbType type) => type switch
    {
        DbType.String => SqliteType.Text,
        DbType.Binary => SqliteType.Blob,
        _ => SqliteType.Integer,
    };
}
