using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ZeroFtp.Storage.Metadata.Sql;

namespace ZeroFtp.Storage.Metadata.Migrations;

/// <summary>
/// Brings a database to the schema that this program knows. On a server it is safe when several front-ends start at once: one holds the <see cref="MigrationLease"/>, the others wait for it. On SQLite the
/// caller holds the lock of the directory while it migrates, which the operating system takes from a process that dies; so there is nothing to wait for.
/// </summary>
internal sealed class Migrator(ISqlRunner runner, bool isSqlite, TimeProvider clock, IReadOnlyList<MigrationStep>? steps = null, ILogger? logger = null)
{
    private static readonly SqlUnit Tables = new("SchemaTable", "SELECT COUNT(*) FROM information_schema.tables WHERE table_name = 'meta' AND table_schema = current_schema();");

    private static readonly SqlUnit TablesSqlite = new("SchemaTable", "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'meta';");

    private static readonly SqlUnit VersionUnit = new("SchemaVersion", "SELECT value FROM meta WHERE key = 'schema';");

    private static readonly SqlUnit RecordUnit = new("SchemaRecord", "INSERT INTO meta (key, value) VALUES ('schema', @version) ON CONFLICT (key) DO UPDATE SET value = excluded.value;");

    private readonly IReadOnlyList<MigrationStep> _steps = steps ?? MigrationSteps.All;

    /// <summary>The version that this program needs.</summary>
    public int Known => _steps[^1].Number;

    /// <summary>The version that the database has; 0 if it is empty.</summary>
    public async ValueTask<int> GetVersionAsync(CancellationToken cancellationToken)
    {
        long? tables = await runner.ReadAsync(isSqlite ? TablesSqlite : Tables, new SqlArgs(), Rows.NumberAsync, cancellationToken).ConfigureAwait(false);
        if (tables is null or 0)
            return 0;
        string? version = await ReadTextAsync(VersionUnit, new SqlArgs(), cancellationToken).ConfigureAwait(false);
        return version is null ? 0 : int.Parse(version, CultureInfo.InvariantCulture);
    }

    /// <summary>The steps that are still to be taken.</summary>
    /// <exception cref="MetadataException"><see cref="MetadataError.Unusable"/> if the database is newer than this program.</exception>
    public async ValueTask<IReadOnlyList<MigrationStep>> PlanAsync(CancellationToken cancellationToken)
    {
        int version = await GetVersionAsync(cancellationToken).ConfigureAwait(false);
        return version <= Known
            ? [.. _steps.Where(x => x.Number > version)]
            : throw new MetadataException(MetadataError.Unusable, string.Create(CultureInfo.InvariantCulture,
                $"The metadata has schema version {version}, but this program knows versions up to {Known}: it was used by a newer ZeroFtp. Run that one, or restore the metadata from before its migration."));
    }

    /// <summary>Makes sure that the schema is what this program knows, by migrating it if that is allowed.</summary>
    /// <exception cref="MetadataException"><see cref="MetadataError.Unusable"/> if it is not and must not be changed.</exception>
    public async ValueTask PrepareAsync(bool migrate, CancellationToken cancellationToken)
    {
        if (migrate)
            await ApplyAsync(cancellationToken).ConfigureAwait(false);
        else if (await PlanAsync(cancellationToken).ConfigureAwait(false) is { Count: > 0 } missing)
            throw new MetadataException(MetadataError.Unusable, string.Create(CultureInfo.InvariantCulture, $"The metadata lacks {missing.Count} steps of migration; run 'zeroftp migrate --apply' first."));
    }

    /// <summary>Takes the steps that are missing.</summary>
    /// <returns>Those it took itself.</returns>
    public async ValueTask<IReadOnlyList<MigrationStep>> ApplyAsync(CancellationToken cancellationToken)
    {
        if ((await PlanAsync(cancellationToken).ConfigureAwait(false)).Count == 0)
            return [];
        if (isSqlite)
            return await TakeMissingAsync(null, cancellationToken).ConfigureAwait(false);
        await RunAsync(_steps[0], cancellationToken).ConfigureAwait(false);
        MigrationLease lease = new(runner, clock, logger ?? NullLogger.Instance);
        await lease.TakeAsync(cancellationToken).ConfigureAwait(false);
        IReadOnlyList<MigrationStep> taken = await TakeMissingAsync(lease, cancellationToken).ConfigureAwait(false);
        await lease.ReleaseAsync(cancellationToken).ConfigureAwait(false);
        return taken;
    }

    private async ValueTask<IReadOnlyList<MigrationStep>> TakeMissingAsync(MigrationLease? lease, CancellationToken cancellationToken)
    {
        IReadOnlyList<MigrationStep> missing = await PlanAsync(cancellationToken).ConfigureAwait(false);
        foreach (MigrationStep step in missing)
        {
            Task taking = TakeAsync(step, cancellationToken).AsTask();
            if (lease is not null)
                await lease.KeepAsync(taking, cancellationToken).ConfigureAwait(false);
            await taking.ConfigureAwait(false);
        }
        return missing;
    }

    private async ValueTask TakeAsync(MigrationStep step, CancellationToken cancellationToken)
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

    private ValueTask<string?> ReadTextAsync(SqlUnit unit, SqlArgs args, CancellationToken cancellationToken) => runner.ReadAsync(unit, args, static (reader, token) => TextAsync(reader, token), cancellationToken);

    private static async ValueTask<string?> TextAsync(System.Data.Common.DbDataReader reader, CancellationToken cancellationToken) =>
        await reader.ReadAsync(cancellationToken).ConfigureAwait(false) ? reader.GetString(0) : null;
}
