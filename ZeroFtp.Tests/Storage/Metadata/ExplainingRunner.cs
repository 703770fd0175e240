using System.Data.Common;
using System.Text.Json;
using System.Text.RegularExpressions;
using Npgsql;
using ZeroFtp.Storage.Metadata.Sql;

namespace ZeroFtp.Tests.Storage.Metadata;

/// <summary>A runner on PostgreSQL that asks for the plan of every statement before it runs the unit, with the arguments of this run.</summary>
internal sealed partial class ExplainingRunner(ISqlRunner inner, NpgsqlDataSource source) : ISqlRunner
{
    private readonly HashSet<string> _planned = [];

    /// <summary>What reads a whole table or index, as "unit: node on table".</summary>
    public HashSet<string> Scans { get; } = [];

    public int Statements { get; private set; }

    public IReadOnlyCollection<string> Units => _planned;

    public long RoundTrips => inner.RoundTrips;

    public int UsageSlots => inner.UsageSlots;

    public long NewIds(int count) => inner.NewIds(count);

    public async ValueTask<T> ReadAsync<T>(SqlUnit unit, SqlArgs args, Func<DbDataReader, CancellationToken, ValueTask<T>> read, CancellationToken cancellationToken)
    {
        await ExplainAsync(unit, args);
        return await inner.ReadAsync(unit, args, read, cancellationToken);
    }

    public async ValueTask<SqlAnswer<T>> WriteAsync<T>(SqlUnit unit, SqlArgs args, Func<DbDataReader, CancellationToken, ValueTask<T>> read, long hot, CancellationToken cancellationToken)
    {
        await ExplainAsync(unit, args);
        return await inner.WriteAsync(unit, args, read, hot, cancellationToken);
    }

    public ValueTask ExecuteAsync(string statement, CancellationToken cancellationToken) => inner.ExecuteAsync(statement, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private async Task ExplainAsync(SqlUnit unit, SqlArgs args)
    {
        _planned.Add(unit.Name);
        await using NpgsqlConnection connection = await source.OpenConnectionAsync();
        foreach (string statement in unit.Text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            await using NpgsqlCommand command = new("EXPLAIN (FORMAT JSON) " + statement, connection);
            foreach (SqlArg arg in args.Items.Where(arg => NamesIn(statement).Contains(arg.Name)))
                command.Parameters.Add(new NpgsqlParameter(arg.Name, arg.Type) { Value = arg.Value ?? DBNull.Value });
            using JsonDocument plan = JsonDocument.Parse((string)(await command.ExecuteScalarAsync())!);
            Statements++;
            Search(unit, plan.RootElement[0].GetProperty("Plan"));
            if (plan.RootElement[0].TryGetProperty("JIT", out _))
                Scans.Add($"{unit.Name}: compiled, which takes longer than it saves");
        }
    }

    private static HashSet<string> NamesIn(string statement) => [.. ParameterPattern().Matches(statement).Select(static match => match.Groups[1].Value)];

    private void Search(SqlUnit unit, JsonElement node)
    {
        string kind = node.GetProperty("Node Type").GetString()!;
        bool isScan = kind == "Seq Scan" || (kind is "Index Scan" or "Index Only Scan" && !(node.TryGetProperty("Index Cond", out JsonElement condition) && IsSelective(node, condition)));
        if (isScan)
            Scans.Add($"{unit.Name}: {kind} on {node.GetProperty("Relation Name").GetString()}");
        if (!node.TryGetProperty("Plans", out JsonElement children))
            return;
        // What a limit stops at its first rows reads no whole table.
        if (kind == "Limit" && children.EnumerateArray().All(static child => child.GetProperty("Node Type").GetString() is "Index Scan" or "Index Only Scan"))
            return;
        foreach (JsonElement child in children.EnumerateArray())
            Search(unit, child);
    }

    // Without a value for the first column of the only index with several, the scan reads all of it.
    private static bool IsSelective(JsonElement node, JsonElement condition) =>
        node.GetProperty("Index Name").GetString() != "upload_pkey" || condition.GetString()!.Contains("server_id", StringComparison.Ordinal);

    [GeneratedRegex(@"@(\w+)")]
    private static partial Regex ParameterPattern();
}
