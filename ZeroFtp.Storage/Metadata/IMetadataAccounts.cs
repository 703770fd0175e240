namespace ZeroFtp.Storage.Metadata;

/// <summary>Accounts.</summary>
internal interface IMetadataAccounts
{
    /// <summary>Returns the account of that name, or null. One round trip.</summary>
    ValueTask<AccountRow?> FindAccountAsync(string name, CancellationToken cancellationToken);

    /// <summary>
    /// Returns the account of that name for a login. If there is none, returns a row of the same shape with <see cref="AccountRow.IsDecoy"/> set. Both cost the
    /// same, so that the duration of a login does not reveal which names exist.
    /// </summary>
    /// <param name="name">The name.</param>
    /// <param name="decoyHash">The hash of the decoy row.</param>
    /// <param name="decoySettings">The settings of the decoy row.</param>
    /// <param name="cancellationToken">Cancels.</param>
    ValueTask<AccountRow> FindLoginAsync(string name, string decoyHash, string decoySettings, CancellationToken cancellationToken);

    /// <summary>
    /// Returns the hash of some account that starts with none of the given texts, of which there are at most <see cref="Sql.AccountSql.MaxCosts"/>; null if
    /// there is none. Reads all accounts.
    /// </summary>
    ValueTask<string?> FindHashAsync(IReadOnlyList<string> exceptBeginnings, CancellationToken cancellationToken);

    /// <summary>Returns the number of the last change of an account; 0 if there was none.</summary>
    ValueTask<long> LastAccountChangeAsync(CancellationToken cancellationToken);

    /// <summary>Returns a bounded number of the changes after a number, in order. Changes are kept for a day.</summary>
    ValueTask<IReadOnlyList<AccountChange>> ReadAccountChangesAsync(long after, CancellationToken cancellationToken);

    /// <summary>Records what this process has done about a change.</summary>
    ValueTask AccountChangeAppliedAsync(long change, int ended, int kept, CancellationToken cancellationToken);

    /// <summary>Returns what the server processes have done about the last change of an account; null if no change is known.</summary>
    ValueTask<AccountChangeEffect?> GetAccountChangeEffectAsync(string name, CancellationToken cancellationToken);

    /// <summary>Returns all accounts, ordered by name.</summary>
    ValueTask<IReadOnlyList<AccountRow>> ListAccountsAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Creates the account, or replaces it with its rules. Outcomes: Done, AlreadyExists (it must not exist), NotFound (it must exist, or its home is not a
    /// directory), Conflict (its settings are no longer <paramref name="was"/>).
    /// </summary>
    /// <param name="account">The account.</param>
    /// <param name="exists">True if it must exist, false if it must not, null to allow both.</param>
    /// <param name="was">
    /// If not null, the <see cref="AccountRow.Settings"/> that the existing account must still have. A caller whose settings differ with each save detects by
    /// it whether the account was saved meanwhile.
    /// </param>
    /// <param name="cancellationToken">Cancels.</param>
    ValueTask<Outcome> SaveAccountAsync(AccountRow account, bool? exists, string? was, CancellationToken cancellationToken);

    /// <summary>Changes only the password hash.</summary>
    /// <param name="name">The account.</param>
    /// <param name="hash">The new hash; empty to accept no password.</param>
    /// <param name="old">If not null, the hash that the account must still have.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>True if the account has the new hash now.</returns>
    ValueTask<bool> SetPasswordAsync(string name, string hash, string? old, CancellationToken cancellationToken);

    /// <summary>Removes an account; its files stay.</summary>
    /// <returns>False if there is no such account.</returns>
    ValueTask<bool> DeleteAccountAsync(string name, CancellationToken cancellationToken);
}
