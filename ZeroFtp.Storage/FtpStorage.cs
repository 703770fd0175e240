using Microsoft.Extensions.Logging;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Accounts;
using ZeroFtp.Storage.Content;
using ZeroFtp.Storage.Diagnostics;
using ZeroFtp.Storage.Driver;
using ZeroFtp.Storage.Maintenance;
using ZeroFtp.Storage.Metadata;
using ZeroFtp.Storage.Objects;
using ZeroFtp.Storage.Options;

namespace ZeroFtp.Storage;

/// <summary>An open store: names, accounts and content. One instance serves all sessions; dispose it when they have ended.</summary>
public abstract class FtpStorage : IAsyncDisposable
{
    private readonly IMetadataStore _metadata;
    private readonly PasswordHasher _hasher;
    private readonly AccountStore _accounts;
    private readonly StorageContext? _context;
    private readonly IServerDriver? _driver;
    private readonly Collector? _collector;
    private readonly AccountWatch? _watch;
    private CollectLoop? _loop;
    private ScrubLoop? _scrubbing;
    private DirectoryWarmUp? _warmUp;

    /// <summary>The number of passwords that were hashed for comparison.</summary>
    internal long PasswordComparisons => _hasher.Comparisons;

    internal PasswordCosts PasswordCosts => _hasher.Costs;

    internal IMetadataStore Metadata => _metadata;

    internal AccountWatch? Watch => _watch;

    /// <summary>Takes ownership of the metadata store and the context. Without a context, only accounts can be managed.</summary>
    private protected FtpStorage(StorageOptions options, IMetadataStore metadata, StorageContext? context, TimeProvider timeProvider)
    {
        _metadata = metadata;
        _hasher = new PasswordHasher(options.Passwords, timeProvider);
        _accounts = new AccountStore(metadata, _hasher, timeProvider);
        if (context is null)
            return;
        _context = context;
        ClientCertificates certificates = new([.. options.ClientCertificateAuthorities], timeProvider);
        _watch = new AccountWatch(context.Metadata, context.Options.AccountChanges, context.TimeProvider, context.Logger) { AfterChange = _accounts.FindCostsAsync };
        AccountAuthenticator stored = new(_accounts, _hasher, new VerifiedLogins(options.Passwords, timeProvider), certificates, _watch, options.AnonymousAccount);
        _driver = new StorageServerDriver(context, _accounts, _watch, [.. options.Authenticators, stored]);
        _collector = new Collector(context);
    }

    /// <summary>The engine's driver, without TLS: wrap it to provide certificates and to observe logins.</summary>
    /// <exception cref="InvalidOperationException">The store is open for administration only.</exception>
    public IServerDriver Driver => _driver ?? throw OnlyAdministered();

    /// <summary>The accounts.</summary>
    public IAccounts Accounts => _accounts;

    /// <summary>
    /// The number of bytes that can be stored before the minimum of free space is reached; 0 while the file system does not respond, null if the store cannot
    /// tell.
    /// </summary>
    /// <exception cref="InvalidOperationException">The store is open for administration only.</exception>
    public long? AvailableBytes
    {
        get
        {
            try
            {
                return Context.Space?.AvailableBytes;
            }
            catch (FtpDriverException)
            {
                return 0;
            }
        }
    }

    private protected StorageContext Context => _context ?? throw OnlyAdministered();

    /// <summary>
    /// Checks every invariant (fsck). No session may be running on an embedded store; on a distributed one the check skips what changes meanwhile.
    /// </summary>
    /// <exception cref="IOException">The check could not be finished.</exception>
    /// <exception cref="InvalidOperationException">The store is open for administration only.</exception>
    public async ValueTask<CheckReport> CheckAsync(CheckOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return await ReportFailureAsync(new Checker(Context, options).RunAsync(cancellationToken)).ConfigureAwait(false);
    }

    /// <summary>Deletes what nothing refers to any more and whose grace period is over.</summary>
    /// <exception cref="IOException">The collection failed; it can be repeated.</exception>
    /// <exception cref="InvalidOperationException">The store is open for administration only.</exception>
    public async ValueTask<CollectReport> CollectAsync(CancellationToken cancellationToken = default) =>
        await ReportFailureAsync((_collector ?? throw OnlyAdministered()).CollectAsync(cancellationToken)).ConfigureAwait(false);

    /// <summary>Scans all content slowly, repairs what has lost redundancy, and reports what is lost. Sessions may be running.</summary>
    /// <param name="options">How fast to scan, and whether to repair.</param>
    /// <param name="progress">Receives the number of bytes checked so far; may be null.</param>
    /// <param name="cancellationToken">Stops after the current object.</param>
    /// <exception cref="ArgumentException">The options are not valid.</exception>
    /// <exception cref="IOException">The store does not answer.</exception>
    /// <exception cref="InvalidOperationException">The store is open for administration only.</exception>
    public async ValueTask<CheckReport> ScrubAsync(ScrubOptions options, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        Scrubber scrubber = new(Context.Objects, _metadata, options, Context.TimeProvider);
        return await ReportFailureAsync(new ValueTask<CheckReport>(scrubber.RunAsync(progress, cancellationToken))).ConfigureAwait(false);
    }

    /// <summary>Sends the database a small query, to see whether the store answers and whether what is stored would last.</summary>
    /// <exception cref="IOException">The store does not answer, or its files were moved or removed.</exception>
    public virtual async ValueTask ProbeAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            await _metadata.ProbeAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (MetadataException exception)
        {
            throw new IOException(exception.Message, exception);
        }
    }

    /// <inheritdoc/>
    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_watch is not null)
            await _watch.DisposeAsync().ConfigureAwait(false);
        if (_warmUp is not null)
            await _warmUp.DisposeAsync().ConfigureAwait(false);
        if (_scrubbing is not null)
            await _scrubbing.DisposeAsync().ConfigureAwait(false);
        if (_loop is not null)
            await _loop.DisposeAsync().ConfigureAwait(false);
        _collector?.Dispose();
        await _metadata.DisposeAsync().ConfigureAwait(false);
        if (_context is not null)
        {
            await _context.Objects.DisposeAsync().ConfigureAwait(false);
            _context.Findings.Dispose();
        }
    }

    /// <summary>
    /// Ends what dead processes left, so that every name shows its old content, its new content or a marked partial before anybody looks. Then starts the
    /// background renewal of the lease, garbage collection and scrub.
    /// </summary>
    private protected async ValueTask StartAsync(TimeSpan lifetime, ILoggerFactory? loggerFactory, CancellationToken cancellationToken)
    {
        if (_collector is null)
            return;
        _ = Task.Run(ObjectHasher.WarmUp, CancellationToken.None);
        await _accounts.FindCostsAsync(cancellationToken).ConfigureAwait(false);
        await _watch!.StartAsync(cancellationToken).ConfigureAwait(false);
        (long uploads, long partials) = await _collector.ReapAsync(trash: false, cancellationToken).ConfigureAwait(false);
        if (uploads > 0)
            Context.Logger.Recovered(uploads, partials);
        _loop = new CollectLoop(Context, _collector, lifetime / 4);
        if (Context.Options.ScrubInterval != Timeout.InfiniteTimeSpan)
            _scrubbing = new ScrubLoop(Context, loggerFactory);
        if (Context.Options.WarmUpDirectories.Count > 0)
            _warmUp = new DirectoryWarmUp(Context);
    }

    private static InvalidOperationException OnlyAdministered() => new("The store is open for administration only.");

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
