using Microsoft.Extensions.Logging;
using ZeroFtp.Storage.Diagnostics;
using ZeroFtp.Storage.Distributed;
using ZeroFtp.Storage.Driver;
using ZeroFtp.Storage.Embedded;
using ZeroFtp.Storage.Metadata;
using ZeroFtp.Storage.Metadata.Migrations;
using ZeroFtp.Storage.Metadata.Postgres;
using ZeroFtp.Storage.Metadata.Sql;
using ZeroFtp.Storage.Metadata.Sqlite;
using ZeroFtp.Storage.Objects;
using ZeroFtp.Storage.Options;

namespace ZeroFtp.Storage.Upgrade;

/// <summary>A step of migrating the metadata's schema.</summary>
/// <param name="Number">The schema version after the step.</param>
/// <param name="Description">What the step does.</param>
public sealed record SchemaStep(int Number, string Description);

/// <summary>Migrates the metadata's schema, or returns the steps that this would take. Opening a store does the same unless its options forbid it.</summary>
public static class SchemaMigration
{
    /// <summary>Migrates an embedded store, and creates a missing database. No server may be running when steps are applied.</summary>
    /// <param name="options">The options of the store.</param>
    /// <param name="apply">True to apply the steps; otherwise they are only returned.</param>
    /// <param name="loggerFactory">Logs a wait of more than two seconds for another process; may be null.</param>
    /// <param name="cancellationToken">Cancels between two steps; applied steps remain.</param>
    /// <returns>The steps that were applied, or would be.</returns>
    /// <exception cref="StorageInUseException">Another process holds the directory.</exception>
    /// <exception cref="IOException">The schema is newer than this program, or the database cannot be used.</exception>
    public static async ValueTask<IReadOnlyList<SchemaStep>> RunAsync(StorageOptions options, bool apply, ILoggerFactory? loggerFactory = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        using DataDirectory directory = new(options.DataDirectory);
        if (apply)
            await directory.LockAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            directory.DemandDatabase();
        }
        catch (MetadataException exception)
        {
            throw new IOException(exception.Message, exception);
        }
        SqliteMetadataOptions metadata = new() { Path = directory.DatabasePath, Durability = options.Durability };
        return await RunAsync(() => new SqliteRunner(metadata), static (_, _) => ValueTask.CompletedTask, true, apply, loggerFactory, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Migrates a distributed store. Front-ends may be running, and several processes may migrate at the same time: one applies the steps, the others wait.
    /// </summary>
    /// <param name="options">The options of the store.</param>
    /// <param name="apply">True to apply the steps; otherwise they are only returned.</param>
    /// <param name="loggerFactory">Logs a wait of more than two seconds for another process; may be null.</param>
    /// <param name="cancellationToken">Cancels between two steps; applied steps remain.</param>
    /// <returns>The steps that this process applied, or would apply.</returns>
    /// <exception cref="IOException">The schema is newer than this program, or the database cannot be reached or used.</exception>
    public static async ValueTask<IReadOnlyList<SchemaStep>> RunAsync(DistributedStorageOptions options, bool apply, ILoggerFactory? loggerFactory = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        CockroachMetadataOptions metadata = DistributedStorage.ToOptions(options, StorageAccess.Administer, TimeProvider.System, loggerFactory);
        return await RunAsync(() => new CockroachRunner(metadata), static (runner, token) => CockroachMetadata.VerifyAsync(runner, token), false, apply, loggerFactory, cancellationToken).ConfigureAwait(false);
    }

    private static async ValueTask<IReadOnlyList<SchemaStep>> RunAsync<T>(Func<T> open, Func<T, CancellationToken, ValueTask> verify, bool isSqlite, bool apply, ILoggerFactory? loggerFactory, CancellationToken cancellationToken)
        where T : ISqlRunner
    {
        try
        {
            T runner = open();
            await using (runner.ConfigureAwait(false))
            {
                await verify(runner, cancellationToken).ConfigureAwait(false);
                Migrator migrator = new(runner, isSqlite, TimeProvider.System, logger: Log.CreateMetadataLogger(loggerFactory));
                IReadOnlyList<MigrationStep> steps = apply
                    ? await migrator.ApplyAsync(cancellationToken).ConfigureAwait(false)
                    : await migrator.PlanAsync(cancellationToken).ConfigureAwait(false);
                return [.. steps.Select(static step => new SchemaStep(step.Number, step.What))];
            }
        }
        catch (MetadataException exception)
        {
            throw new IOException(exception.Message, exception);
        }
    }
}
