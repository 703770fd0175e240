using ZeroFtp.Storage.Metadata;

namespace ZeroFtp.Storage.Accounts;

/// <summary>The quota of the account that is charged for an upload.</summary>
/// <param name="Owner">The account that is charged.</param>
/// <param name="Bytes">Maximum number of bytes, or null for no limit.</param>
/// <param name="Files">Maximum number of files, or null for no limit.</param>
internal readonly record struct Quota(string Owner, long? Bytes, long? Files)
{
    public bool IsNone => Bytes is null && Files is null;

    /// <summary>
    /// Returns the session's own quota. If the upload changes (and does not replace) another account's file, returns the quota of the file's owner, who keeps
    /// owning it; that costs a database query.
    /// </summary>
    /// <param name="metadata">Provides the accounts.</param>
    /// <param name="account">The uploading account.</param>
    /// <param name="changed">The file that is changed, or null if a file is created or replaced.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static async ValueTask<Quota> FindAsync(IMetadataStore metadata, SessionAccount account, FileRow? changed, CancellationToken cancellationToken)
    {
        if (changed is null || string.Equals(changed.Owner, account.Name, StringComparison.Ordinal))
            return new Quota(account.Name, account.QuotaBytes, account.QuotaFiles);
        AccountRow? owner = await metadata.FindAccountAsync(changed.Owner, cancellationToken).ConfigureAwait(false);
        return new Quota(changed.Owner, owner?.QuotaBytes, owner?.QuotaFiles);
    }
}
