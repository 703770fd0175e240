using ZeroFtp.Storage.Metadata;

namespace ZeroFtp.Storage.Accounts;

/// <summary>The limits of whoever is charged for an upload.</summary>
/// <param name="Owner">Who is charged.</param>
/// <param name="Bytes">The limit of octets, or null.</param>
/// <param name="Files">The limit of files, or null.</param>
internal readonly record struct Quota(string Owner, long? Bytes, long? Files)
{
    public bool IsNone => Bytes is null && Files is null;

    /// <summary>The session's own limits; or, if a file of somebody else's is changed and not replaced, the ones of that file's owner, whose it stays. That costs a look into the database.</summary>
    /// <param name="metadata">Knows the accounts.</param>
    /// <param name="account">Who uploads.</param>
    /// <param name="changed">The file that is changed, or null if one is made or replaced.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static async ValueTask<Quota> FindAsync(IMetadataStore metadata, SessionAccount account, FileRow? changed, CancellationToken cancellationToken)
    {
        if (changed is null || string.Equals(changed.Owner, account.Name, StringComparison.Ordinal))
            return new Quota(account.Name, account.QuotaBytes, account.QuotaFiles);
        AccountRow? owner = await metadata.FindAccountAsync(changed.Owner, cancellationToken).ConfigureAwait(false);
        return new Quota(changed.Owner, owner?.QuotaBytes, owner?.QuotaFiles);
    }
}
