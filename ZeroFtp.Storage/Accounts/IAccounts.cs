namespace ZeroFtp.Storage.Accounts;

/// <summary>
/// The accounts of a store. Another process than the server may change them. A change that takes something away also ends open sessions, within about a second;
/// everything else applies from the next login on.
/// </summary>
public interface IAccounts
{
    /// <summary>Returns the account of that name, or null.</summary>
    ValueTask<Account?> FindAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Returns all accounts, ordered by name.</summary>
    IAsyncEnumerable<Account> ListAsync(CancellationToken cancellationToken = default);

    /// <summary>Adds an account. Without a password it can log in only with a certificate, or if it needs no password.</summary>
    /// <returns>False if the name is taken.</returns>
    /// <exception cref="ArgumentException">The account is not valid; the message lists every fault.</exception>
    ValueTask<bool> AddAsync(Account account, string? password, CancellationToken cancellationToken = default);

    /// <summary>
    /// Replaces everything but the password of the account of that name, and overwrites changes that others have made since it was read. To change only a part,
    /// use <see cref="ChangeAsync"/>.
    /// </summary>
    /// <returns>False if there is no such account.</returns>
    /// <exception cref="ArgumentException">The account is not valid; the message lists every fault.</exception>
    ValueTask<bool> UpdateAsync(Account account, CancellationToken cancellationToken = default);

    /// <summary>Changes a part of the account of that name. When two callers change an account at the same time, both changes are kept.</summary>
    /// <param name="name">The account.</param>
    /// <param name="change">Returns the changed account. Its name and password do not change. Called again if the account has been changed meanwhile.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>False if there is no such account.</returns>
    /// <exception cref="ArgumentException">The changed account is not valid; the message lists every fault.</exception>
    /// <exception cref="IOException">Concurrent changes made every attempt fail.</exception>
    ValueTask<bool> ChangeAsync(string name, Func<Account, Account> change, CancellationToken cancellationToken = default);

    /// <summary>Sets the password, or removes it if it is null.</summary>
    /// <returns>False if there is no such account.</returns>
    ValueTask<bool> SetPasswordAsync(string name, string? password, CancellationToken cancellationToken = default);

    /// <summary>Removes the account; its files stay.</summary>
    /// <returns>False if there is no such account.</returns>
    ValueTask<bool> RemoveAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>
    /// Waits, for a few seconds at most, until every server process has applied the last change of an account. Returns what happened to the account's sessions.
    /// </summary>
    ValueTask<SessionEffect> WaitForEffectAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Returns how many bytes and files the account owns.</summary>
    ValueTask<AccountUsage> GetUsageAsync(string name, CancellationToken cancellationToken = default);
}

/// <summary>What an account owns.</summary>
/// <param name="Bytes">The number of bytes.</param>
/// <param name="Files">The number of files.</param>
public readonly record struct AccountUsage(long Bytes, long Files);
