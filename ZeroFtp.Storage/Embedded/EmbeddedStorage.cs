using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ZeroFtp.Storage.Content;
using ZeroFtp.Storage.Diagnostics;
using ZeroFtp.Storage.Driver;
using ZeroFtp.Storage.Metadata;
using ZeroFtp.Storage.Metadata.Cache;
using ZeroFtp.Storage.Metadata.Sqlite;
using ZeroFtp.Storage.Objects;
using ZeroFtp.Storage.Objects.Local;
using ZeroFtp.Storage.Options;

namespace ZeroFtp.Storage.Embedded;

/// <summary>
/// A complete store in one directory: SQLite for names and accounts, immutable files for content. One instance serves all sessions; dispose it when they have
/// ended.
/// </summary>
public sealed class EmbeddedStorage : FtpStorage
{
    private readonly DataDirectory _directory;
    private readonly bool _serves;

    private EmbeddedStorage(DataDirectory directory, StorageOptions options, IMetadataStore metadata, StorageContext? context, TimeProvider timeProvider)
        : base(options, metadata, context, timeProvider) => (_directory, _serves) = (directory, context is not null);

    /// <summary>True if a directory contains a store. Opens, locks and creates nothing.</summary>
    /// <param name="dataDirectory">The directory, absolute or relative to the current one.</param>
    /// <returns>False also for a directory that cannot be read.</returns>
    public static bool Exists(string dataDirectory) => File.Exists(DataDirectory.DatabaseIn(dataDirectory));

    /// <summary>Opens the data directory, creates what is missing and recovers from an unclean shutdown.</summary>
    /// <exception cref="ArgumentException">The options are not valid; the message lists every fault.</exception>
    /// <exception cref="StorageInUseException">Another process holds the directory.</exception>
    /// <exception cref="IOException">The directory or the database cannot be used; the message says why.</exception>
    public static async ValueTask<EmbeddedStorage> OpenAsync(
        StorageOptions options,
        StorageAccess access = StorageAccess.Serve,
        TimeProvider? timeProvider = null,
        ILoggerFactory? loggerFactory = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Validate() is { Count: > 0 } faults)
            throw new ArgumentException(string.Join(' ', faults), nameof(options));
        timeProvider ??= TimeProvider.System;
        ILogger logger = (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger("ZeroFtp.Storage");
        DataDirectory directory = new(options.DataDirectory);
        IMetadataStore? metadata = null;
        EmbeddedStorage? storage = null;
        try
        {
            if (access == StorageAccess.Serve)
                await directory.LockAsync(cancellationToken).ConfigureAwait(false);
            SpaceReserve? reserve = access == StorageAccess.Serve && options.ReserveBytes > 0 ? new SpaceReserve(directory.ReservePath, options.ReserveBytes, logger) : null;
            reserve?.Restore();
            metadata = await OpenMetadataAsync(options, access, directory, reserve, timeProvider, loggerFactory, cancellationToken).ConfigureAwait(false);
            StorageContext? context = access == StorageAccess.Serve ? CreateContext(options, directory, metadata, reserve, timeProvider, logger) : null;
            // The entries of the database and of the objects' directory must survive a power failure too.
            if (options.Durability == Durability.Full)
                NativeDirectory.Sync(directory.Path);
            storage = new EmbeddedStorage(directory, options, metadata, context, timeProvider);
            await storage.StartAsync(new MetadataOptions().ServerLifetime, loggerFactory, cancellationToken).ConfigureAwait(false);
            return storage;
        }
        catch (Exception exception)
        {
            if (storage is not null)
                await storage.DisposeAsync().ConfigureAwait(false);
            else if (metadata is not null)
                await metadata.DisposeAsync().ConfigureAwait(false);
            directory.Dispose();
            if (exception is MetadataException)
                throw new IOException(exception.Message, exception);
            throw;
        }
    }

    /// <inheritdoc/>
    public override async ValueTask ProbeAsync(CancellationToken cancellationToken = default)
    {
        await base.ProbeAsync(cancellationToken).ConfigureAwait(false);
        if (_serves && !Directory.Exists(_directory.ObjectsPath))
            throw new IOException($"The directory '{_directory.ObjectsPath}' with the content is missing.");
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync().ConfigureAwait(false);
        _directory.Dispose();
    }

    private static async ValueTask<IMetadataStore> OpenMetadataAsync(StorageOptions options, StorageAccess access, DataDirectory directory, SpaceReserve? reserve, TimeProvider timeProvider, ILoggerFactory? loggerFactory, CancellationToken cancellationToken)
    {
        directory.DemandDatabase();
        SqliteMetadataOptions metadata = new()
        {
            Path = directory.DatabasePath,
            MustHaveSchema = directory.HoldsContent,
            Durability = options.Durability,
            Grace = options.GarbageGrace ?? StorageOptions.DefaultGarbageGrace(distributed: false),
            Clock = timeProvider,
            Logger = Log.CreateMetadataLogger(loggerFactory),
            TryLock = access == StorageAccess.Serve ? null : directory.TryLockToMigrate,
            Role = access == StorageAccess.Serve ? MetadataRole.FrontEnd : MetadataRole.Tool,
            Reserve = reserve,
        };
        if (access != StorageAccess.Serve)
            return await SqliteMetadata.OpenAsync(metadata, cancellationToken).ConfigureAwait(false);
        while (true)
        {
            try
            {
                return await SqliteMetadata.OpenAsync(metadata, new DirectoryCacheOptions { MaxBytes = options.DirectoryCacheBytes }, cancellationToken).ConfigureAwait(false);
            }
            catch (MetadataException exception) when (exception.Error == MetadataError.Full && reserve?.Release(forDatabase: true) == true)
            {
                // Opening needs a little space too.
            }
        }
    }

    private static StorageContext CreateContext(StorageOptions options, DataDirectory directory, IMetadataStore metadata, SpaceReserve? reserve, TimeProvider timeProvider, ILogger logger)
    {
        FreeSpaceGuard space = new(directory.Path, options.FreeSpaceFloorBytes, timeProvider) { Reserve = reserve };
        LocalObjectStore objects = new(directory.ObjectsPath, options.Durability, options.MaxObjectBytes, space) { VerifyReads = options.VerifyReads };
        return new StorageContext(metadata, objects, options, space, timeProvider, logger);
    }
}
