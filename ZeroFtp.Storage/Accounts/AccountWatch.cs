using Microsoft.Extensions.Logging;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Diagnostics;
using ZeroFtp.Storage.Metadata;

namespace ZeroFtp.Storage.Accounts;

/// <summary>
/// Ends open sessions when a change to their account takes something away from them. Every change, in whatever process, adds a numbered row in the same unit.
/// Twice a second each server process reads the rows after the last one it has seen, checks only the accounts that have sessions here, and records how many
/// sessions it ended. Commands pay nothing, and a turn without a change is one index read.
/// </summary>
/// <remarks>
/// The numbers have no gaps. A process that was cut off from the database for longer than rows are kept notices the missing numbers and checks all its
/// accounts. A login can read its account before a change and register here after that change was applied: it then sees a different <see cref="Generation"/>
/// and is checked by itself.
/// </remarks>
internal sealed class AccountWatch(IMetadataStore metadata, AccountChanges changes, TimeProvider timeProvider, ILogger logger) : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<string, HashSet<WatchedLogin>> _logins = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private Task _task = Task.CompletedTask;
    private long _generation;
    private long _last;

    /// <summary>The number of turns that applied changes. Read it before reading the account, and pass it to <see cref="RegisterAsync"/>.</summary>
    public long Generation => Interlocked.Read(ref _generation);

    /// <summary>Called when the costs of the stored passwords may have changed.</summary>
    public Func<CancellationToken, ValueTask> AfterChange { get; set; } = static _ => ValueTask.CompletedTask;

    private bool EndsSessions => changes == AccountChanges.EndSessions;

    public async ValueTask StartAsync(CancellationToken cancellationToken)
    {
        _last = await metadata.LastAccountChangeAsync(cancellationToken).ConfigureAwait(false);
        _task = Task.Run(RunAsync, CancellationToken.None);
    }

    /// <summary>Watches a login until the result is disposed.</summary>
    /// <returns>Null if the login is no longer valid.</returns>
    public async ValueTask<WatchedLogin?> RegisterAsync(AccountRow row, FtpSessionInfo session, bool byCertificate, long generation,
        CancellationToken cancellationToken)
    {
        WatchedLogin login = new WatchedLogin(this, row, session, byCertificate).Begin();
        if (!EndsSessions || Generation == generation)
            return login;
        AccountRow? now = await metadata.FindAccountAsync(row.Name, cancellationToken).ConfigureAwait(false);
        if (Reason(login, now, newPassword: true) is null)
            return login;
        login.Dispose();
        return null;
    }

    public void Add(WatchedLogin login)
    {
        lock (_lock)
        {
            if (!_logins.TryGetValue(login.Row.Name, out HashSet<WatchedLogin>? own))
                _logins[login.Row.Name] = own = [];
            own.Add(login);
        }
    }

    public void Remove(WatchedLogin login)
    {
        lock (_lock)
        {
            if (_logins.TryGetValue(login.Row.Name, out HashSet<WatchedLogin>? own) && own.Remove(login) && own.Count == 0)
                _logins.Remove(login.Row.Name);
        }
    }

    /// <summary>Applies all changes made so far. Called periodically, and by tests.</summary>
    public async ValueTask TurnAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<AccountChange> news = await metadata.ReadAccountChangesAsync(_last, cancellationToken).ConfigureAwait(false);
        if (news.Count > 0)
        {
            Interlocked.Increment(ref _generation);
            bool missesSome = news[0].Id != _last + 1;
            Dictionary<string, (int Ended, int Kept)> effects = new(StringComparer.Ordinal);
            foreach (string account in missesSome ? Accounts() : news.Select(static change => change.Account).Distinct(StringComparer.Ordinal))
            {
                bool newPassword = missesSome || news.Any(change => change.Password && change.Account == account);
                effects[account] = await ApplyAsync(account, newPassword, cancellationToken).ConfigureAwait(false);
            }
            foreach (AccountChange change in news)
            {
                (int ended, int kept) = effects.GetValueOrDefault(change.Account);
                await metadata.AccountChangeAppliedAsync(change.Id, ended, kept, cancellationToken).ConfigureAwait(false);
                _last = change.Id;
            }
            await AfterChange(cancellationToken).ConfigureAwait(false);
        }
        if (EndsSessions)
            EndExpired();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _task.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        using PeriodicTimer timer = new(Interval, timeProvider);
        bool wasUp = true;
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
            {
                try
                {
                    await TurnAsync(_stop.Token).ConfigureAwait(false);
                    wasUp = true;
                }
#pragma warning disable CA1031 // Whatever it was, the next turn has to come.
                catch (Exception exception) when (exception is not OperationCanceledException || !_stop.IsCancellationRequested)
#pragma warning restore CA1031
                {
                    // Log once per outage, not twice a second.
                    if (wasUp)
                        logger.AccountChangesUnknown(exception);
                    wasUp = false;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The store is closing.
        }
    }

    private async ValueTask<(int Ended, int Kept)> ApplyAsync(string account, bool newPassword, CancellationToken cancellationToken)
    {
        WatchedLogin[] logins = Of(account);
        if (logins.Length == 0)
            return default;
        if (!EndsSessions)
            return (0, logins.Length);
        AccountRow? now = await metadata.FindAccountAsync(account, cancellationToken).ConfigureAwait(false);
        int ended = 0;
        foreach (WatchedLogin login in logins)
        {
            if (Reason(login, now, newPassword) is not string reason)
                login.Row = now!;
            else if (End(login, reason))
                ended++;
        }
        return (ended, logins.Length - ended);
    }

    private void EndExpired()
    {
        long now = metadata.Now;
        WatchedLogin[] expired;
        lock (_lock)
            expired = [.. _logins.Values.SelectMany(static own => own).Where(login => login.Row.Expires <= now)];
        foreach (WatchedLogin login in expired)
            End(login, "The account has expired.");
    }

    private bool End(WatchedLogin login, string reason)
    {
        if (!login.Revoke())
            return false;
        logger.LoginRevoked(login.Session.Id, login.Row.Name, reason);
        return true;
    }

    // The hash alone is not enough: a login also renews it when the cost of hashing has changed. Neither is the change: a session that logged in after it used
    // the new password.
    private string? Reason(WatchedLogin login, AccountRow? now, bool newPassword) =>
        newPassword && now is not null && now.PasswordHash != login.Row.PasswordHash ? "the account has a new password"
            : Revocation.Reason(login.Row, now, login.Session, login.ByCertificate, MetadataTime.ToUtc(metadata.Now));

    private WatchedLogin[] Of(string account)
    {
        lock (_lock)
            return _logins.TryGetValue(account, out HashSet<WatchedLogin>? own) ? [.. own] : [];
    }

    private string[] Accounts()
    {
        lock (_lock)
            return [.. _logins.Keys];
    }
}
