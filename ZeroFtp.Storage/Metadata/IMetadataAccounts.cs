namespace ZeroFtp.Storage.Metadata;

/// <summary>Accounts.</summary>
internal interface IMetadataAccounts
{
    /// <summary>The account of that name, or null. One round trip.</summary>
    ValueTask<AccountRow?> FindAccountAsync(string name, CancellationToken cancellationToken);

    /// <summary>All accounts by name.</summary>
    ValueTask<IReadOnlyList<AccountRow>> ListAccountsAsync(CancellationToken cancellationToken);

    /// <summary>Creates or replaces the account of that name, rules included. Its home must be a directory.</summary>
    /// <exception cref="MetadataException"><see cref="MetadataError.NotFound"/> if the home does not exist.</exception>
    ValueTask SaveAccountAsync(AccountRow account, CancellationToken cancellationToken);

    /// <summary>Removes an account; its files stay.</summary>
    /// <returns>Whether there was one.</returns>
    ValueTask<bool> DeleteAccountAsync(string name, CancellationToken cancellationToken);
}
