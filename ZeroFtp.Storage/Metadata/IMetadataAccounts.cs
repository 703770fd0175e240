namespace ZeroFtp.Storage.Metadata;

/// <summary>Accounts.</summary>
internal interface IMetadataAccounts
{
    /// <summary>The account of that name, or null. One round trip.</summary>
    ValueTask<AccountRow?> FindAccountAsync(string name, CancellationToken cancellationToken);

    /// <summary>
    /// The account of that name for a login; if there is none, a row of the same shape whose <see cref="AccountRow.IsDecoy"/> is set. Both cost the same, so that the time of a login does not tell which names exist.
    /// </summary>
    /// <param name="name">The name.</param>
    /// <param name="decoyHash">The hash of the row that is no account.</param>
    /// <param name="decoySettings">Its settings.</param>
    /// <param name="cancellationToken">Cancels.</param>
    ValueTask<AccountRow> FindLoginAsync(string name, string decoyHash, string decoySettings, CancellationToken cancellationToken);

    /// <summary>The hash of some account that begins with none of the given texts, at most <see cref="Sql.AccountSql.MaxCosts"/>; null if there is none. It reads all accounts.</summary>
    ValueTask<string?> FindHashAsync(IReadOnlyList<string> exceptBeginnings, CancellationToken cancellationToken);

    /// <summary>The number of the last change of an account; 0 if there was none.</summary>
    ValueTask<long> LastAccountChangeAsync(CancellationToken cancellationToken);

    /// <summary>The changes behind a number, in their order, a bounded number of them. They are kept for a day.</summary>
    ValueTask<IReadOnlyList<AccountChange>> ReadAccountChangesAsync(long after, CancellationToken cancellationToken);

    /// <summary>Writes down what this process has done about a change.</summary>
    ValueTask AccountChangeAppliedAsync(long change, int ended, int kept, CancellationToken cancellationToken);

    /// <summary>What the serving processes have done about the last change of an account; null if none is known.</summary>
    ValueTask<AccountChangeEffect?> GetAccountChangeEffectAsync(string name, CancellationToken cancellationToken);

    /// <summary>All accounts by name.</summary>
    ValueTask<IReadOnlyList<AccountRow>> ListAccountsAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Creates the account, or replaces it with its rules. Outcomes: Done, AlreadyExists (it was to be new), NotFound (it was to exist, or its home is no directory), Conflict (its settings are not
    /// <paramref name="was"/> any more).
    /// </summary>
    /// <param name="account">The account.</param>
    /// <param name="exists">True if it must exist, false if it must not, null if either will do.</param>
    /// <param name="was">If not null, the <see cref="AccountRow.Settings"/> that an account that must exist has to have still. A caller that gives each row others knows by that whether anybody has saved the account since.</param>
    /// <param name="cancellationToken">Cancels.</param>
    ValueTask<Outcome> SaveAccountAsync(AccountRow account, bool? exists, string? was, CancellationToken cancellationToken);

    /// <summary>Changes nothing but the password's hash.</summary>
    /// <param name="name">The account.</param>
    /// <param name="hash">The new hash; empty if no password is to open it.</param>
    /// <param name="old">If not null, the hash that it must still have.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Whether the account has that hash now.</returns>
    ValueTask<bool> SetPasswordAsync(string name, string hash, string? old, CancellationToken cancellationToken);

    /// <summary>Removes an account; its files stay.</summary>
    /// <returns>Whether there was one.</returns>
    ValueTask<bool> DeleteAccountAsync(string name, CancellationToken cancellationToken);
}
