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

/// <summary>An opened store: names, accounts and content. One instance serves all sessions; dispose it when they have ended.</summary>
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

    /// <summary>How many passwords were hashed to compare them.</summary>
    internal long PasswordComparisons => _hasher.Comparisons;

    internal PasswordCosts PasswordCosts => _hasher.Costs;

    internal IMetadataStore Metadata => _metadata;

    internal AccountWatch? Watch => _watch;

    /// <summary>Takes over the metadata store and what is in the context, and disposes them; without a context only accounts are looked after.</summary>
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

    /// <summary>The driver for the engine, without TLS: wrap it to give certificates and to watch logins.</summary>
    /// <exception cref="InvalidOperationException">The store is open for administration only.</exception>
    public IServerDriver Driver => _driver ?? throw OnlyAdministered();

    /// <summary>The accounts.</summary>
    public IAccounts Accounts => _accounts;

    /// <summary>Octets that can be stored before the floor of free space is reached; 0 while the file system does not answer, null where the store cannot tell.</summary>
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

    /// <summary>Checks every invariant (fsck). No session may be running on an embedded store; on a distributed one the check passes over what changes meanwhile.</summary>
    /// <exception cref="IOException">The check could not be finished.</exception>
    /// <exception cref="InvalidOperationException">The store is open for administration only.</exception>
    public async ValueTask<CheckReport> CheckAsync(CheckOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return await ReportFailureAsync(new Checker(Context, options).RunAsync(cancellationToken)).ConfigureAwait(false);
    }

    /// <summary>Deletes what nothing refers to any more and whose grace period is over.</summary>
    /// <exception cref="IOException">Collecting failed; it can be tried again.</exception>
    /// <exception cref="InvalidOperationException">The store is open for administration only.</exception>
    public async ValueTask<CollectReport> CollectAsync(CancellationToken cancellationToken = default) =>
        await ReportFailureAsync((_collector ?? throw OnlyAdministered()).CollectAsync(cancellationToken)).ConfigureAwait(false);

    /// <summary>Goes over all content slowly, repairs what has lost redundancy, and reports what is lost; sessions may be running.</summary>
    /// <param name="options">How fast, and whether to repair.</param>
    /// <param name="progress">Is told the octets checked so far; may be null.</param>
    /// <param name="cancellationToken">Stops after the object at hand.</param>
    /// <exception cref="ArgumentException">The options are not valid.</exception>
    /// <exception cref="IOException">The store does not answer.</exception>
    /// <exception cref="InvalidOperationException">The store is open for administration only.</exception>
    public async ValueTask<CheckReport> ScrubAsync(ScrubOptions options, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        Scrubber scrubber = new(Context.Objects, _metadata, options, Context.TimeProvider);
        return await ReportFailureAsync(new ValueTask<CheckReport>(scrubber.RunAsync(progress, cancellationToken))).ConfigureAwait(false);
    }

    /// <summary>Asks the database a small question, to see whether the store answers and whether what is stored would stay.</summary>
    /// <exception cref="IOException">It does not answer, or what it keeps was moved away or removed.</exception>
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

    /// <summary>Ends what dead processes left, so that every name shows its old or its new content or a marked partial before anybody looks, and begins to beat, to collect and to scrub.</summary>
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
