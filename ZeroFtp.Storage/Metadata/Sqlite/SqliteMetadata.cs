using System.Globalization;
using ZeroFtp.Storage.Diagnostics;
using ZeroFtp.Storage.Metadata.Cache;
using ZeroFtp.Storage.Metadata.Migrations;
using ZeroFtp.Storage.Metadata.Sql;

namespace ZeroFtp.Storage.Metadata.Sqlite;

/// <summary>Opens the embedded store.</summary>
internal static class SqliteMetadata
{
    private static readonly SqlUnit LargestIdsUnit = new("LargestIds", """
        SELECT COALESCE(MAX(id), 0) FROM (SELECT MAX(id) AS id FROM file UNION ALL SELECT MAX(object) FROM extent UNION ALL SELECT MAX(object) FROM garbage_object
          UNION ALL SELECT MAX(first + count - 1) FROM reserve UNION ALL SELECT MAX(id) FROM server);
        SELECT COALESCE(MAX(stor_key), '') FROM (SELECT MAX(stor_key) AS stor_key FROM file UNION ALL SELECT MAX(stor_key) FROM garbage UNION ALL SELECT MAX(stor_key) FROM upload UNION ALL SELECT MAX(stor_key) FROM extent);
        """);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan LogAfter = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Opens the file, creates what is missing, and registers this front-end. Every front-end registered before is considered dead, because only one may serve
    /// a file.
    /// </summary>
    /// <exception cref="MetadataException">
    /// Unusable: the schema is newer; or is older and must not be migrated; or is missing and must not be created; or the file is damaged. Unavailable: the
    /// file cannot be opened.
    /// </exception>
    public static async ValueTask<SqlMetadataStore> OpenAsync(SqliteMetadataOptions options, CancellationToken cancellationToken) =>
        (await OpenRunnerAsync(options, cancellationToken).ConfigureAwait(false)).Store;

    /// <summary>
    /// Opens the store with an exact directory cache: only this process writes names, apart from tools, whose changes are noticed within half a second.
    /// </summary>
    public static async ValueTask<CachedMetadataStore> OpenAsync(SqliteMetadataOptions options, DirectoryCacheOptions cache,
        CancellationToken cancellationToken)
    {
        (SqlMetadataStore store, SqliteRunner runner) = await OpenRunnerAsync(options, cancellationToken).ConfigureAwait(false);
        CachedMetadataStore cached = new(store, cache, options.Clock);
        runner.ForeignWrite += cached.Cache.Clear;
        return cached;
    }

    private static async ValueTask<(SqlMetadataStore Store, SqliteRunner Runner)> OpenRunnerAsync(SqliteMetadataOptions options,
        CancellationToken cancellationToken)
    {
        SqliteRunner runner = new(options);
        try
        {
            Migrator migrator = new(runner, isSqlite: true, options.Clock);
            if (options.MustHaveSchema && await migrator.GetVersionAsync(cancellationToken).ConfigureAwait(false) == 0)
                throw new MetadataException(MetadataError.Unusable,
                    $"The database '{options.Path}' has no tables, but there is content that it should name; restore it, or move the content away to start empty.");
            await PrepareAsync(migrator, options, cancellationToken).ConfigureAwait(false);
            runner.RaiseIds(await LargestIdAsync(runner, cancellationToken).ConfigureAwait(false));
            SqlMetadataStore store = new(runner, options);
            if (options.Role == MetadataRole.FrontEnd)
                await store.RegisterAsync(alone: true, cancellationToken).ConfigureAwait(false);
            return (store, runner);
        }
        catch
        {
            await runner.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    // A server that holds the directory creates its schema itself, within moments. If it still holds the directory after a while, it is of another version,
    // whose schema must not be changed while it runs.
    private static async ValueTask PrepareAsync(Migrator migrator, SqliteMetadataOptions options, CancellationToken cancellationToken)
    {
        if (!options.Migrate || options.TryLock is null)
        {
            await migrator.PrepareAsync(options.Migrate, cancellationToken).ConfigureAwait(false);
            return;
        }
        long began = options.Clock.GetTimestamp();
        for (bool isLogged = false; (await migrator.PlanAsync(cancellationToken).ConfigureAwait(false)).Count > 0;)
        {
            using IDisposable? held = options.TryLock();
            if (held is not null)
            {
                await migrator.ApplyAsync(cancellationToken).ConfigureAwait(false);
                return;
            }
            TimeSpan waited = options.Clock.GetElapsedTime(began);
            if (waited > LongestWait)
                throw new MetadataException(MetadataError.Unusable,
                    $"The schema of '{options.Path}' is older than this program, and another process uses it. Stop that one, then try again.");
            if (!isLogged && waited > LogAfter)
            {
                options.Logger.WaitsForDirectory();
                isLogged = true;
            }
            await Task.Delay(Pause, options.Clock, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async ValueTask<long> LargestIdAsync(SqliteRunner runner, CancellationToken cancellationToken) =>
        await runner.ReadAsync(LargestIdsUnit, new SqlArgs(), static async (reader, token) =>
        {
            long id = await Rows.NumberAsync(reader, token).ConfigureAwait(false) ?? 0;
            string key = await reader.ReadAsync(token).ConfigureAwait(false) ? reader.GetString(0) : "";
            if (key.Length == 0)
                return id;
            // What a cut keeps has the key of its content, a dot and a version.
            return long.TryParse(key.Split('.')[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long number)
                ? Math.Max(id, number)
                : throw new MetadataException(MetadataError.Unusable,
                    $"The database is damaged: the content of a file has the key '{key}', which no server generates.");
        }, cancellationToken).ConfigureAwait(false);
}
