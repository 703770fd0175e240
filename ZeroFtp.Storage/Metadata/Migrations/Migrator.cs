using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ZeroFtp.Storage.Metadata.Sql;

namespace ZeroFtp.Storage.Metadata.Migrations;

/// <summary>
/// Migrates a database to the schema of this program. On a server, several front-ends may start at once: one holds the <see cref="MigrationLease"/>, the others
/// wait for it. On SQLite, the caller holds the directory's lock while it migrates. The operating system releases the lock of a process that dies, so no lease
/// is needed.
/// </summary>
internal sealed class Migrator(ISqlRunner runner, bool isSqlite, TimeProvider clock, IReadOnlyList<MigrationStep>? steps = null, ILogger? logger = null)
{
    private static readonly SqlUnit Tables =
        new("SchemaTable", "SELECT COUNT(*) FROM information_schema.tables WHERE table_name = 'meta' AND table_schema = current_schema();");

    private static readonly SqlUnit TablesSqlite = new("SchemaTable", "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'meta';");

    private static readonly SqlUnit VersionUnit = new("SchemaVersion", "SELECT value FROM meta WHERE key = 'schema';");

    private static readonly SqlUnit RecordUnit =
        new("SchemaRecord", "INSERT INTO meta (key, value) VALUES ('schema', @version) ON CONFLICT (key) DO UPDATE SET value = excluded.value;");

    private readonly IReadOnlyList<MigrationStep> _steps = steps ?? MigrationSteps.All;

    /// <summary>The schema version of this program.</summary>
    public int Known => _steps[^1].Number;

    /// <summary>Returns the database's schema version; 0 if the database is empty.</summary>
    public async ValueTask<int> GetVersionAsync(CancellationToken cancellationToken)
    {
        long? tables = await runner.ReadAsync(isSqlite ? TablesSqlite : Tables, new SqlArgs(), Rows.NumberAsync, cancellationToken).ConfigureAwait(false);
        if (tables is null or 0)
            return 0;
        string? version = await ReadTextAsync(VersionUnit, new SqlArgs(), cancellationToken).ConfigureAwait(false);
        return version is null ? 0 : int.Parse(version, CultureInfo.InvariantCulture);
    }

    /// <summary>Returns the missing steps.</summary>
    /// <exception cref="MetadataException"><see cref="MetadataError.Unusable"/> if the database is newer than this program.</exception>
    public async ValueTask<IReadOnlyList<MigrationStep>> PlanAsync(CancellationToken cancellationToken)
    {
        int version = await GetVersionAsync(cancellationToken).ConfigureAwait(false);
        return version <= Known
            ? [.. _steps.Where(x => x.Number > version)]
            : throw new MetadataException(MetadataError.Unusable, string.Create(CultureInfo.InvariantCulture,
                $"The metadata has schema version {version}, but this program knows versions up to {Known}: it was used by a newer ZeroFtp. "
                    + $"Run that version, or restore a backup of the metadata from before its migration."));
    }

    /// <summary>Ensures that the schema is this program's, migrating it if that is allowed.</summary>
    /// <exception cref="MetadataException"><see cref="MetadataError.Unusable"/> if the schema differs and must not be changed.</exception>
    public async ValueTask PrepareAsync(bool migrate, CancellationToken cancellationToken)
    {
        if (migrate)
            await ApplyAsync(cancellationToken).ConfigureAwait(false);
        else if (await PlanAsync(cancellationToken).ConfigureAwait(false) is { Count: > 0 } missing)
            throw new MetadataException(MetadataError.Unusable,
                string.Create(CultureInfo.InvariantCulture, $"The metadata lacks {missing.Count} migration steps; run 'zeroftp migrate --apply' first."));
    }

    /// <summary>Applies the missing steps.</summary>
    /// <returns>The steps that this call applied.</returns>
    public async ValueTask<IReadOnlyList<MigrationStep>> ApplyAsync(CancellationToken cancellationToken)
    {
        if ((await PlanAsync(cancellationToken).ConfigureAwait(false)).Count == 0)
            return [];
        if (isSqlite)
            return await ApplyMissingAsync(null, cancellationToken).ConfigureAwait(false);
        await RunAsync(_steps[0], cancellationToken).ConfigureAwait(false);
        MigrationLease lease = new(runner, clock, logger ?? NullLogger.Instance);
        await lease.TakeAsync(cancellationToken).ConfigureAwait(false);
        IReadOnlyList<MigrationStep> applied = await ApplyMissingAsync(lease, cancellationToken).ConfigureAwait(false);
        await lease.ReleaseAsync(cancellationToken).ConfigureAwait(false);
        return applied;
    }

    private async ValueTask<IReadOnlyList<MigrationStep>> ApplyMissingAsync(MigrationLease? lease, CancellationToken cancellationToken)
    {
        IReadOnlyList<MigrationStep> missing = await PlanAsync(cancellationToken).ConfigureAwait(false);
        foreach (MigrationStep step in missing)
        {
            Task applying = ApplyAsync(step, cancellationToken).AsTask();
            if (lease is not null)
                await lease.KeepAsync(applying, cancellationToken).ConfigureAwait(false);
            await applying.ConfigureAwait(false);
        }
        return missing;
    }

    private async ValueTask ApplyAsync(MigrationStep step, CancellationToken cancellationToken)
    {
        await RunAsync(step, cancellationToken).ConfigureAwait(false);
        await WriteAsync(RecordUnit, new SqlArgs().Add("version", step.Number.ToString(CultureInfo.InvariantCulture)), cancellationToken).ConfigureAwait(false);
    }

    private ValueTask RunAsync(MigrationStep step, CancellationToken cancellationToken)
    {
        string? text = isSqlite ? step.Sqlite : step.Server;
        return text is null ? ValueTask.CompletedTask : runner.ExecuteAsync(text, cancellationToken);
    }

    private async ValueTask WriteAsync(SqlUnit unit, SqlArgs args, CancellationToken cancellationToken) =>
        await runner.WriteAsync(unit, args, static (_, _) => ValueTask.FromResult(0), 0, cancellationToken).ConfigureAwait(false);

    private ValueTask<string?> ReadTextAsync(SqlUnit unit, SqlArgs args, CancellationToken cancellationToken) =>
        runner.ReadAsync(unit, args, static (reader, token) => TextAsync(reader, token), cancellationToken);

    private static async ValueTask<string?> TextAsync(System.Data.Common.DbDataReader reader, CancellationToken cancellationToken) =>
        await reader.ReadAsync(cancellationToken).ConfigureAwait(false) ? reader.GetString(0) : null;
}
