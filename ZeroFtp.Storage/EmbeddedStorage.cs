using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Accounts;
using ZeroFtp.Storage.Collect;
using ZeroFtp.Storage.Metadata;
using ZeroFtp.Storage.Metadata.Cache;
using ZeroFtp.Storage.Metadata.Sqlite;
using ZeroFtp.Storage.Objects.Local;

namespace ZeroFtp.Storage;

/// <summary>What a process wants of a data directory.</summary>
public enum StorageAccess
{
    /// <summary>Serve it: everything works, and no other process may serve, check or collect it at the same time.</summary>
    Serve,

    /// <summary>Look after accounts only, also while another process serves.</summary>
    Administer,
}

/// <summary>A whole store in one directory: SQLite for names and accounts, immutable files for content. One instance serves all sessions; dispose it when they have ended.</summary>
public sealed class EmbeddedStorage : IAsyncDisposable
{
    private readonly DataDirectory _directory;
    private readonly IMetadataStore _metadata;
    private readonly PasswordHasher _hasher;
    private readonly StorageContext? _context;
    private readonly IServerDriver? _driver;
    private readonly Collector? _collector;
    private CollectLoop? _loop;

    private EmbeddedStorage(DataDirectory directory, StorageOptions options, IMetadataStore metadata, StorageContext? context, TimeProvider timeProvider)
    {
        _directory = directory;
        _metadata = metadata;
        _hasher = new PasswordHasher(options.Passwords);
        AccountStore accounts = new(metadata, _hasher);
        Accounts = accounts;
        if (context is null)
            return;
        _context = context;
        ClientCertificates certificates = new([.. options.ClientCertificateAuthorities], timeProvider);
        AccountAuthenticator stored = new(accounts, _hasher, new VerifiedLogins(options.Passwords, timeProvider), certificates, options.AnonymousAccount);
        _driver = new StorageServerDriver(context, accounts, [.. options.Authenticators, stored]);
        _collector = new Collector(context);
    }

    /// <summary>The driver for the engine, without TLS: wrap it to give certificates and to watch logins.</summary>
    /// <exception cref="InvalidOperationException">The store is open for administration only.</exception>
    public IServerDriver Driver => _driver ?? throw OnlyAdministered();

    /// <summary>The accounts.</summary>
    public IAccounts Accounts { get; }

    /// <summary>Octets that can be stored before the floor of free space is reached.</summary>
    /// <exception cref="InvalidOperationException">The store is open for administration only.</exception>
    public long AvailableBytes => (_context ?? throw OnlyAdministered()).Space!.AvailableBytes;

    /// <summary>Opens the data directory, creates what is missing and recovers from an unclean end.</summary>
    /// <exception cref="ArgumentException">The options are not valid; the message names every fault.</exception>
    /// <exception cref="StorageInUseException">Another process has the directory.</exception>
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
                directory.Lock();
            metadata = await OpenMetadataAsync(options, access, directory, timeProvider, cancellationToken).ConfigureAwait(false);
            // The entries of the database and of the objects' directory itself must survive a loss of power too.
            if (options.Durability == Durability.Full)
                NativeDirectory.Sync(directory.Path);
            StorageContext? context = access == StorageAccess.Serve ? CreateContext(options, directory, metadata, timeProvider, logger) : null;
            storage = new EmbeddedStorage(directory, options, metadata, context, timeProvider);
            await storage.StartAsync(cancellationToken).ConfigureAwait(false);
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

    /// <summary>Checks every invariant (fsck). No session may be running.</summary>
    /// <exception cref="IOException">The check could not be finished.</exception>
    /// <exception cref="InvalidOperationException">The store is open for administration only.</exception>
    public async ValueTask<CheckReport> CheckAsync(CheckOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        Checker checker = new(_context ?? throw OnlyAdministered(), options);
        return await ReportFailureAsync(checker.RunAsync(cancellationToken)).ConfigureAwait(false);
    }

    /// <summary>Deletes what nothing refers to any more and whose grace period is over.</summary>
    /// <exception cref="IOException">Collecting failed; it can be tried again.</exception>
    /// <exception cref="InvalidOperationException">The store is open for administration only.</exception>
    public async ValueTask<CollectReport> CollectAsync(CancellationToken cancellationToken = default) =>
        await ReportFailureAsync((_collector ?? throw OnlyAdministered()).CollectAsync(cancellationToken)).ConfigureAwait(false);

    /// <summary>Asks the database a small question, to see whether the store answers.</summary>
    /// <exception cref="IOException">It does not.</exception>
    public async ValueTask ProbeAsync(CancellationToken cancellationToken = default) =>
        await ReportFailureAsync(_metadata.GetDirectoryAsync(IMetadataTree.Root, cancellationToken)).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_loop is not null)
            await _loop.DisposeAsync().ConfigureAwait(false);
        _collector?.Dispose();
        await _metadata.DisposeAsync().ConfigureAwait(false);
        if (_context is not null)
            await _context.Objects.DisposeAsync().ConfigureAwait(false);
        _hasher.Dispose();
        _directory.Dispose();
    }

    private static InvalidOperationException OnlyAdministered() => new("The store is open for administration only.");

    private static async ValueTask<IMetadataStore> OpenMetadataAsync(StorageOptions options, StorageAccess access, DataDirectory directory, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        SqliteMetadataOptions metadata = new()
        {
            Path = directory.DatabasePath,
            Durability = options.Durability,
            Grace = options.GarbageGrace,
            Clock = timeProvider,
            Role = access == StorageAccess.Serve ? MetadataRole.FrontEnd : MetadataRole.Tool,
        };
        if (access != StorageAccess.Serve)
            return await SqliteMetadata.OpenAsync(metadata, cancellationToken).ConfigureAwait(false);
        return await SqliteMetadata.OpenAsync(metadata, new DirectoryCacheOptions { MaxBytes = options.DirectoryCacheBytes }, cancellationToken).ConfigureAwait(false);
    }

    private static StorageContext CreateContext(StorageOptions options, DataDirectory directory, IMetadataStore metadata, TimeProvider timeProvider, ILogger logger)
    {
        FreeSpaceGuard space = new(directory.Path, options.FreeSpaceFloorBytes, timeProvider);
        LocalObjectStore objects = new(directory.ObjectsPath, options.Durability, options.MaxObjectBytes, space);
        return new StorageContext(metadata, objects, options, space, timeProvider, logger);
    }

    /// <summary>Ends what the process before left, so that every name shows its old or its new content or a marked partial before anybody looks.</summary>
    private async ValueTask StartAsync(CancellationToken cancellationToken)
    {
        if (_collector is null)
            return;
        (long uploads, long partials) = await _collector.ReapAsync(trash: false, cancellationToken).ConfigureAwait(false);
        if (uploads > 0)
            _context!.Logger.Recovered(uploads, partials);
        _loop = new CollectLoop(_context!, _collector, new MetadataOptions().ServerLifetime / 4);
    }

    private static async ValueTask<T> ReportFailureAsync<T>(ValueTask<T> task)
    {
        try
        {
            return await task.ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is MetadataException or FtpDriverException)
        {
            throw new IOException(exception.Message, exception);
        }
    }
}
