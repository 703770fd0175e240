using ZeroFtp.Storage.Metadata.Migrations;
using ZeroFtp.Storage.Metadata.Sql;

namespace ZeroFtp.Storage.Metadata.Postgres;

/// <summary>Opens the store on CockroachDB or PostgreSQL.</summary>
internal static class CockroachMetadata
{
    private static readonly SqlUnit IsolationUnit = new("Isolation", "SELECT current_setting('transaction_isolation');");

    private static readonly SqlUnit ProductUnit = new("Product", "SELECT version();");

    private static readonly SqlUnit CollationUnit = new("Collation", """
        SELECT CASE
          WHEN CAST('Z' AS TEXT) < CAST('a' AS TEXT) AND CAST('~' AS TEXT) < CAST('é' AS TEXT) AND CAST('a b' AS TEXT) < CAST('aa' AS TEXT) THEN 1
          ELSE 0
        END;
        """);

    private static readonly SqlUnit CommitUnit = new("Commit", "SELECT current_setting('synchronous_commit');");

    private static readonly SqlUnit EncodingUnit = new("Encoding", "SELECT current_setting('server_encoding');");

    /// <summary>Connects, checks the database's settings, brings the schema up to date and registers this front-end.</summary>
    /// <exception cref="MetadataException">Unusable, with what to do; or Unavailable.</exception>
    public static async ValueTask<SqlMetadataStore> OpenAsync(CockroachMetadataOptions options, CancellationToken cancellationToken)
    {
        CockroachRunner runner = new(options);
        try
        {
            await VerifyAsync(runner, cancellationToken).ConfigureAwait(false);
            await new Migrator(runner, isSqlite: false, options.Clock, logger: options.Logger).PrepareAsync(options.Migrate,
                cancellationToken).ConfigureAwait(false);
            SqlMetadataStore store = new(runner, options);
            if (options.Role == MetadataRole.FrontEnd)
                await store.RegisterAsync(alone: false, cancellationToken).ConfigureAwait(false);
            return store;
        }
        catch
        {
            await runner.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Verifies that the database guarantees what this store relies on.</summary>
    internal static async ValueTask VerifyAsync(CockroachRunner runner, CancellationToken cancellationToken)
    {
        string isolation = await TextAsync(runner, IsolationUnit, cancellationToken).ConfigureAwait(false);
        if (isolation != "serializable")
            throw new MetadataException(MetadataError.Unusable,
                $"The database runs transactions at '{isolation}', not 'serializable': a proxy may drop the connection's options. Set default_transaction_isolation for the user.");
        string product = await TextAsync(runner, ProductUnit, cancellationToken).ConfigureAwait(false);
        if (!product.Contains("CockroachDB", StringComparison.Ordinal))
        {
            string encoding = await TextAsync(runner, EncodingUnit, cancellationToken).ConfigureAwait(false);
            if (!string.Equals(encoding, "UTF8", StringComparison.OrdinalIgnoreCase))
                throw new MetadataException(MetadataError.Unusable, $"The database's encoding is {encoding}, not UTF8. Create it with ENCODING 'UTF8'.");
            if (await TextAsync(runner, CommitUnit, cancellationToken).ConfigureAwait(false) == "off")
                throw new MetadataException(MetadataError.Unusable,
                    "The database acknowledges a commit before it is durable, so its crash would lose acknowledged uploads. Set synchronous_commit to on, or remove it from the connection's options.");
        }
        if (await runner.ReadAsync(CollationUnit, new SqlArgs(), Rows.NumberAsync, cancellationToken).ConfigureAwait(false) != 1)
            throw new MetadataException(MetadataError.Unusable,
                "The database does not order names by their bytes. Create it with LC_COLLATE 'C' (TEMPLATE template0).");
    }

    private static async ValueTask<string> TextAsync(CockroachRunner runner, SqlUnit unit, CancellationToken cancellationToken) =>
        await runner.ReadAsync(unit, new SqlArgs(), static async (reader, token) =>
            await reader.ReadAsync(token).ConfigureAwait(false) ? reader.GetString(0) : "", cancellationToken).ConfigureAwait(false);
}
