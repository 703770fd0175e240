using Npgsql;

namespace ZeroFtp.Storage.Metadata.Postgres;

/// <summary>Builds connection sources for the database.</summary>
internal static class CockroachConnections
{
    /// <summary>Builds a source from a connection string. Fills in defaults for what the string leaves open, and always sets the isolation level.</summary>
    public static NpgsqlDataSource Build(string connectionString)
    {
        NpgsqlConnectionStringBuilder text;
        try
        {
            text = new NpgsqlConnectionStringBuilder(connectionString);
        }
        catch (ArgumentException fault)
        {
            throw new MetadataException(MetadataError.Unusable, "The connection string is not valid: " + fault.Message, fault);
        }
        SetDefault(text, "Max Auto Prepare", 100);
        SetDefault(text, "Auto Prepare Min Usages", 2);
        SetDefault(text, "No Reset On Close", true);
        SetDefault(text, "Timeout", 3);
        SetDefault(text, "Command Timeout", 10);
        SetDefault(text, "Connection Lifetime", 300);
        SetDefault(text, "Keepalive", 30);
        SetDefault(text, "Load Balance Hosts", true);
        // Of several hosts, a failed one is skipped for this long. After all have failed, a longer time would keep the database unavailable although it is
        // back.
        SetDefault(text, "Host Recheck Seconds", 1);
        SetDefault(text, "GSS Encryption Mode", "Disable");
        SetDefault(text, "Application Name", "zeroftp");
        SetDefault(text, "Include Error Detail", false);
        text.Options = (text.Options + " -c default_transaction_isolation=serializable").Trim();
        NpgsqlDataSourceBuilder builder = new(text.ConnectionString);
        builder.ConfigureTypeLoading(static types => types.EnableTypeLoading(false));
        builder.UsePhysicalConnectionInitializer(static connection => PrepareAsync(connection).GetAwaiter().GetResult(), PrepareAsync);
        return text.Host?.Contains(',', StringComparison.Ordinal) == true ? builder.BuildMultiHost() : builder.Build();
    }

    /// <summary>True if the server is CockroachDB, which names its version when a connection opens.</summary>
    public static bool IsCockroach(NpgsqlConnection connection) => connection.PostgresParameters.ContainsKey("crdb_version");

    // At SERIALIZABLE, a unit that reads a whole table conflicts with every change of it. PostgreSQL chooses to where its statistics are old or missing. And its
    // compiler takes up to seconds for a unit of a millisecond, because a scan that cannot be avoided, or a walk to the root, has a high cost on paper.
    private static async Task PrepareAsync(NpgsqlConnection connection)
    {
        if (IsCockroach(connection))
            return;
        NpgsqlCommand command = new("SET enable_seqscan = off; SET jit = off", connection);
        await using (command.ConfigureAwait(false))
            await command.ExecuteNonQueryAsync().ConfigureAwait(false);
    }

    private static void SetDefault(NpgsqlConnectionStringBuilder text, string key, object value)
    {
        if (!text.ContainsKey(key) || !text.ShouldSerialize(key))
            text[key] = value;
    }
}
