namespace ZeroFtp.Storage.Accounts;

/// <summary>The accounts of a store. They may be changed by another process than the one that serves. What a change forbids ends within about a second in open sessions too; the rest of it holds from the next login on.</summary>
public interface IAccounts
{
    /// <summary>The account of that name, or null.</summary>
    ValueTask<Account?> FindAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>All accounts, by name.</summary>
    IAsyncEnumerable<Account> ListAsync(CancellationToken cancellationToken = default);

    /// <summary>Adds an account. Without a password it can log in only by certificate, or if it needs none.</summary>
    /// <returns>False if the name is taken.</returns>
    /// <exception cref="ArgumentException">The account is not valid; the message names every fault.</exception>
    ValueTask<bool> AddAsync(Account account, string? password, CancellationToken cancellationToken = default);

    /// <summary>Changes everything of the account of that name but its password, whatever somebody else has changed since it was read; for a part of it there is <see cref="ChangeAsync"/>.</summary>
    /// <returns>False if there is none.</returns>
    /// <exception cref="ArgumentException">The account is not valid; the message names every fault.</exception>
    ValueTask<bool> UpdateAsync(Account account, CancellationToken cancellationToken = default);

    /// <summary>Changes a part of the account of that name as it is now. Of two that do so at the same time both changes stand.</summary>
    /// <param name="name">The account.</param>
    /// <param name="change">Gives the account as it is to be; its name stays, and its password. Called again if somebody else has changed the account meanwhile.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>False if there is none.</returns>
    /// <exception cref="ArgumentException">The account would not be valid; the message names every fault.</exception>
    /// <exception cref="IOException">Others change it all the time.</exception>
    ValueTask<bool> ChangeAsync(string name, Func<Account, Account> change, CancellationToken cancellationToken = default);

    /// <summary>Sets the password, or takes it away if it is null.</summary>
    /// <returns>False if there is no such account.</returns>
    ValueTask<bool> SetPasswordAsync(string name, string? password, CancellationToken cancellationToken = default);

    /// <summary>Removes the account; its files stay.</summary>
    /// <returns>False if there is no such account.</returns>
    ValueTask<bool> RemoveAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Waits until every process that serves has dealt with the last change of an account, or has not within a few seconds, and says what became of its sessions.</summary>
    ValueTask<SessionEffect> WaitForEffectAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>How many bytes and files the account owns.</summary>
    ValueTask<AccountUsage> GetUsageAsync(string name, CancellationToken cancellationToken = default);
}

/// <summary>What an account owns.</summary>
/// <param name="Bytes">Octets.</param>
/// <param name="Files">Files.</param>
public readonly record struct AccountUsage(long Bytes, long Files);
