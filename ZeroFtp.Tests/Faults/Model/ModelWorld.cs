using System.Data.Common;
using System.IO.Hashing;
using System.Text;
using Microsoft.Data.Sqlite;
using ZeroFtp.Storage.Metadata;
using ZeroFtp.Storage.Metadata.Migrations;
using ZeroFtp.Storage.Metadata.Sql;
using ZeroFtp.Storage.Metadata.Sqlite;

namespace ZeroFtp.Tests.Faults.Model;

/// <summary>What actors share: the metadata in a database in memory, the parts that the object store holds, and the time. Marks are nested, so that a search goes back one step at a time.</summary>
internal sealed class ModelWorld : IDisposable
{
    private static readonly SqlUnit MissingParts = new("MissingParts", """
        WITH RECURSIVE named (object, part, rest) AS (
          SELECT object, '', ref || ',' FROM extent WHERE EXISTS (SELECT 1 FROM file WHERE file.stor_key = extent.stor_key)
          UNION SELECT object, substr(rest, 1, instr(rest, ',') - 1), substr(rest, instr(rest, ',') + 1) FROM named WHERE rest <> ''
        )
        SELECT COUNT(*) FROM named WHERE part <> '' AND part NOT IN (SELECT name FROM part) AND part NOT IN (SELECT name FROM lost);
        """);

    private readonly SqlUnit _fingerprint;

    public ModelWorld(Action<PlantedStore, ModelRunner, TimeProvider>? plant = null)
    {
        Plant = plant;
        Session = new SqliteSession(new SqliteMetadataOptions { Path = ":memory:", Clock = Clock }, writes: true);
        ModelRunner runner = new(this, 1);
        new Migrator(runner, isSqlite: true, Clock).PrepareAsync(migrate: true, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        Session.Execute("CREATE TABLE part (name TEXT NOT NULL PRIMARY KEY) WITHOUT ROWID");
        Session.Execute("CREATE TABLE lost (name TEXT NOT NULL PRIMARY KEY) WITHOUT ROWID");
        _fingerprint = new SqlUnit("Fingerprint", $"SELECT {string.Join(" || '#' || ", Tables().Append(MarkSql.Table).Select(TextOf))};");
    }

    public ModelClock Clock { get; } = new();

    public SqliteSession Session { get; }

    /// <summary>Plants a mistake in the metadata of each actor; null for none.</summary>
    public Action<PlantedStore, ModelRunner, TimeProvider>? Plant { get; }

    /// <summary>Whether the front-ends are registered.</summary>
    public bool IsSetUp { get; set; }

    public void Dispose() => Session.Dispose();

    /// <summary>Runs a unit as one transaction: one that fails leaves nothing.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="args">Its arguments, with the number of its first run if it is marked.</param>
    /// <param name="read">Reads what it answers.</param>
    /// <param name="before">How often it was sent before.</param>
    public (T Value, bool Won) Run<T>(SqlUnit unit, SqlArgs args, Func<DbDataReader, CancellationToken, ValueTask<T>> read, int before)
    {
        Session.Execute("SAVEPOINT unit");
        try
        {
            T value = Session.Run(unit, unit.IsMarked ? Later(args, before) : args, read, out bool won);
            Session.Execute("RELEASE unit");
            return (value, won);
        }
        catch (SqliteException fault)
        {
            Session.Execute("ROLLBACK TO unit");
            Session.Execute("RELEASE unit");
            throw SqliteFaults.Translate(fault);
        }
    }

    private static SqlArgs Later(SqlArgs args, int before)
    {
        SqlArgs later = new();
        foreach (SqlArg arg in args.Items)
            later.Add(arg.Name == "run" ? arg with { Value = (long)arg.Value! + before } : arg);
        return later;
    }

    public void Mark() => Session.Execute("SAVEPOINT step");

    public void GoBack()
    {
        Session.Execute("ROLLBACK TO step");
        Session.Execute("RELEASE step");
    }

    /// <summary>All that is in the database and in the object store.</summary>
    public UInt128 Fingerprint() => XxHash128.HashToUInt128(Encoding.UTF8.GetBytes(Text(_fingerprint)));

    /// <summary>How many parts that files name are gone, but for those that were lost before.</summary>
    public long CountMissingParts() => Session.Run(MissingParts, new SqlArgs(), Rows.NumberAsync) ?? 0;

    /// <summary>One text of a query.</summary>
    public string Text(SqlUnit unit) => Session.Run(unit, new SqlArgs(), static async (reader, token) => await reader.ReadAsync(token) && !await reader.IsDBNullAsync(0, token) ? reader.GetString(0) : "");

    private List<string> Tables() => Session.Run(new SqlUnit("Tables", "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT IN ('meta', 'account', 'dir_rule') ORDER BY name;"),
        new SqlArgs(), TextsAsync);

    private string TextOf(string table)
    {
        List<string> columns = Session.Run(new SqlUnit("Columns", $"SELECT name FROM pragma_table_info('{table}') ORDER BY cid;"), new SqlArgs(), TextsAsync);
        string row = string.Join(" || ',' || ", columns.Select(static c => $"quote(\"{c}\")"));
        return $"COALESCE((SELECT group_concat(x, ';') FROM (SELECT {row} AS x FROM \"{table}\" ORDER BY 1)), '')";
    }

    private static async ValueTask<List<string>> TextsAsync(DbDataReader reader, CancellationToken token)
    {
        List<string> texts = [];
        while (await reader.ReadAsync(token))
            texts.Add(reader.GetString(0));
        return texts;
    }
}
