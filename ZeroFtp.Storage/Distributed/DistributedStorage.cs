using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ZeroFtp.Storage.Content;
using ZeroFtp.Storage.Diagnostics;
using ZeroFtp.Storage.Driver;
using ZeroFtp.Storage.Metadata;
using ZeroFtp.Storage.Metadata.Cache;
using ZeroFtp.Storage.Metadata.Postgres;
using ZeroFtp.Storage.Objects.ZeroStor;
using ZeroFtp.Storage.Options;

namespace ZeroFtp.Storage.Distributed;

/// <summary>
/// A store that several front-ends serve together: names and accounts in CockroachDB or PostgreSQL, content in 0-stor. This process is one of the front-ends
/// and holds nothing that could be lost.
/// </summary>
public sealed class DistributedStorage : FtpStorage
{
    private DistributedStorage(StorageOptions options, IMetadataStore metadata, StorageContext? context, TimeProvider timeProvider)
        : base(options, metadata, context, timeProvider)
    {
    }

    /// <summary>
    /// Connects to the database, creates or checks its schema, registers this front-end, and ends what dead ones left. 0-stor is contacted when content is
    /// first needed.
    /// </summary>
    /// <exception cref="ArgumentException">The options are not valid; the message lists every fault.</exception>
    /// <exception cref="IOException">The database cannot be reached or used; the message says why.</exception>
    public static async ValueTask<DistributedStorage> OpenAsync(
        DistributedStorageOptions options,
        StorageAccess access = StorageAccess.Serve,
        TimeProvider? timeProvider = null,
        ILoggerFactory? loggerFactory = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Validate() is { Count: > 0 } faults)
            throw new ArgumentException(string.Join(' ', faults), nameof(options));
        timeProvider ??= TimeProvider.System;
        loggerFactory ??= NullLoggerFactory.Instance;
        IMetadataStore? metadata = null;
        DistributedStorage? storage = null;
        try
        {
            SqlMetadataStore database = await CockroachMetadata.OpenAsync(ToOptions(options, access, timeProvider, loggerFactory), cancellationToken).ConfigureAwait(false);
            metadata = access == StorageAccess.Serve ? new CachedMetadataStore(database, ToCacheOptions(options), timeProvider) : database;
            StorageContext? context = access == StorageAccess.Serve
                ? new StorageContext(metadata, new ZeroStorObjectStore(options.ZeroStor, timeProvider, loggerFactory), options.Common, null, timeProvider, loggerFactory.CreateLogger("ZeroFtp.Storage"))
                : null;
            storage = new DistributedStorage(options.Common, metadata, context, timeProvider);
            await storage.StartAsync(options.Metadata.FrontEndLifetime, loggerFactory, cancellationToken).ConfigureAwait(false);
            return storage;
        }
        catch (Exception exception)
        {
            if (storage is not null)
                await storage.DisposeAsync().ConfigureAwait(false);
            else if (metadata is not null)
                await metadata.DisposeAsync().ConfigureAwait(false);
            if (exception is MetadataException)
                throw new IOException(exception.Message, exception);
            throw;
        }
    }

    internal static CockroachMetadataOptions ToOptions(DistributedStorageOptions options, StorageAccess access, TimeProvider timeProvider, ILoggerFactory? loggerFactory) => new()
    {
        ConnectionString = options.Metadata.ConnectionString,
        ServerName = options.Metadata.FrontEndName,
        ServerLifetime = options.Metadata.FrontEndLifetime,
        UnitTimeout = options.Metadata.Timeout,
        Migrate = options.Metadata.Migrate,
        Grace = options.Common.GarbageGrace ?? StorageOptions.DefaultGarbageGrace(distributed: true),
        Role = access == StorageAccess.Serve ? MetadataRole.FrontEnd : MetadataRole.Tool,
        Clock = timeProvider,
        // A clock given by the caller is the only one, for tests that control the time.
        UsesDatabaseClock = timeProvider == TimeProvider.System,
        Logger = Log.CreateMetadataLogger(loggerFactory),
    };

    private static DirectoryCacheOptions ToCacheOptions(DistributedStorageOptions options) => new()
    {
        Mode = options.Metadata.Coherence == DirectoryCoherence.Strict ? CoherenceMode.Strict : CoherenceMode.Bounded,
        MaxAge = options.Metadata.MaxAge,
        MaxBytes = options.Common.DirectoryCacheBytes,
    };
}
