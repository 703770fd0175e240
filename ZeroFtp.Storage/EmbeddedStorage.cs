using Microsoft.Extensions.Logging;
using ZeroFtp.Protocol.Driver;

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
    private readonly IServerDriver? _driver;
    private readonly IAccounts? _accounts;

    private EmbeddedStorage(IServerDriver? driver, IAccounts? accounts) => (_driver, _accounts) = (driver, accounts);

    /// <summary>The driver for the engine, without TLS: wrap it to give certificates and to watch logins.</summary>
    public IServerDriver Driver => _driver ?? throw new InvalidOperationException("The store is open for administration only.");

    /// <summary>The accounts.</summary>
    public IAccounts Accounts => _accounts ?? throw new InvalidOperationException("The store is not open.");

    /// <summary>Opens the data directory, creates what is missing and recovers from an unclean end.</summary>
    /// <exception cref="ArgumentException">The options are not valid; the message names every fault.</exception>
    /// <exception cref="StorageInUseException">Another process has the directory.</exception>
    public static ValueTask<EmbeddedStorage> OpenAsync(
        StorageOptions options,
        StorageAccess access = StorageAccess.Serve,
        TimeProvider? timeProvider = null,
        ILoggerFactory? loggerFactory = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        throw new NotSupportedException("Not yet.");
    }

    /// <summary>Checks every invariant (fsck). No session may be running.</summary>
    public ValueTask<CheckReport> CheckAsync(CheckOptions options, CancellationToken cancellationToken = default) => throw new NotSupportedException("Not yet.");

    /// <summary>Deletes what nothing refers to any more and whose grace period is over.</summary>
    public ValueTask<CollectReport> CollectAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException("Not yet.");

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
