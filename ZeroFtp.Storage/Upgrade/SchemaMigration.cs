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

/// <summary>A step that brings the schema of the metadata up to date.</summary>
/// <param name="Number">The version of the schema after it.</param>
/// <param name="Description">What it does.</param>
public sealed record SchemaStep(int Number, string Description);

/// <summary>Brings the schema of the metadata up to date, or says what that would take. Opening a store does the same unless it is told not to.</summary>
public static class SchemaMigration
{
    /// <summary>For an embedded store; a missing database is made. No server may be running when steps are taken.</summary>
    /// <param name="options">The store's.</param>
    /// <param name="apply">Whether the steps are taken; otherwise they are only named.</param>
    /// <param name="loggerFactory">Where a wait of more than two seconds for another process is logged; may be null.</param>
    /// <param name="cancellationToken">Cancels between two steps; what was taken stays.</param>
    /// <returns>The steps that were taken, or are to be.</returns>
    /// <exception cref="StorageInUseException">Another process has the directory.</exception>
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

    /// <summary>For a distributed store. Front-ends may be running, and other processes migrate at the same time: one takes the steps, the others wait.</summary>
    /// <param name="options">The store's.</param>
    /// <param name="apply">Whether the steps are taken; otherwise they are only named.</param>
    /// <param name="loggerFactory">Where a wait of more than two seconds for another process is logged; may be null.</param>
    /// <param name="cancellationToken">Cancels between two steps; what was taken stays.</param>
    /// <returns>The steps that were taken here, or are to be.</returns>
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
