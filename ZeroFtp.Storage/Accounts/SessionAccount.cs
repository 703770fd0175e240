using System.Collections.Frozen;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Metadata;

namespace ZeroFtp.Storage.Accounts;

/// <summary>The part of an account that a session needs, with directories by id. It does not change after the login.</summary>
/// <param name="Name">The account that is charged for what is stored.</param>
/// <param name="Home">The id of the directory that the session sees as its root.</param>
/// <param name="Permissions">The permissions where no rule applies.</param>
/// <param name="Rules">The permissions in certain directories, by id, and below them.</param>
/// <param name="QuotaBytes">Maximum number of bytes, or null for no limit.</param>
/// <param name="QuotaFiles">Maximum number of files, or null for no limit.</param>
internal sealed record SessionAccount(string Name, long Home, FtpPermissions Permissions, FrozenDictionary<long, FtpPermissions> Rules, long? QuotaBytes,
    long? QuotaFiles)
{
    /// <summary>Everything that is allowed somewhere: the most that the engine may pass on to the driver, which then checks the directory.</summary>
    public FtpPermissions Widest => Rules.Values.Aggregate(Permissions, (all, one) => all | one);

    public static SessionAccount Of(Account account, long home, IReadOnlyList<AccountRule> rules) => new(
        account.Name,
        home,
        account.Permissions,
        rules.Count == 0 ? FrozenDictionary<long, FtpPermissions>.Empty
            : rules.ToFrozenDictionary(rule => rule.Directory, rule => (FtpPermissions)rule.Permissions & FtpPermissions.All),
        account.QuotaBytes,
        account.QuotaFiles);
}
