namespace ZeroFtp.Storage;

/// <summary>The accounts of a store. Changes hold from the next login on; they may be made by another process while the server runs.</summary>
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

    /// <summary>Changes everything of the account of that name but its password.</summary>
    /// <returns>False if there is none.</returns>
    /// <exception cref="ArgumentException">The account is not valid; the message names every fault.</exception>
    ValueTask<bool> UpdateAsync(Account account, CancellationToken cancellationToken = default);

    /// <summary>Sets the password, or takes it away if it is null.</summary>
    /// <returns>False if there is no such account.</returns>
    ValueTask<bool> SetPasswordAsync(string name, string? password, CancellationToken cancellationToken = default);

    /// <summary>Removes the account; its files stay.</summary>
    /// <returns>False if there is no such account.</returns>
    ValueTask<bool> RemoveAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>How many octets and files the account owns.</summary>
    ValueTask<AccountUsage> GetUsageAsync(string name, CancellationToken cancellationToken = default);
}

/// <summary>What an account owns.</summary>
/// <param name="Bytes">Octets.</param>
/// <param name="Files">Files.</param>
public readonly record struct AccountUsage(long Bytes, long Files);
