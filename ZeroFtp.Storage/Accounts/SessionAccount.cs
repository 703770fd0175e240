using System.Collections.Frozen;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Metadata;

namespace ZeroFtp.Storage.Accounts;

/// <summary>What a session needs of its account, directories by id. It stays as it was at the login.</summary>
/// <param name="Name">Who is charged for what is stored.</param>
/// <param name="Home">The id of the directory that the session sees as its root.</param>
/// <param name="Permissions">What is allowed where no rule says otherwise.</param>
/// <param name="Rules">What is allowed in certain directories and below, by id.</param>
/// <param name="QuotaBytes">The limit of octets, or null.</param>
/// <param name="QuotaFiles">The limit of files, or null.</param>
internal sealed record SessionAccount(string Name, long Home, FtpPermissions Permissions, FrozenDictionary<long, FtpPermissions> Rules, long? QuotaBytes, long? QuotaFiles)
{
    /// <summary>Everything that is allowed somewhere: the most that the engine may let through to the driver, which then looks at the directory.</summary>
    public FtpPermissions Widest => Rules.Values.Aggregate(Permissions, (all, one) => all | one);

    public static SessionAccount Of(Account account, long home, IReadOnlyList<AccountRule> rules) => new(
        account.Name,
        home,
        account.Permissions,
        rules.Count == 0 ? FrozenDictionary<long, FtpPermissions>.Empty : rules.ToFrozenDictionary(rule => rule.Directory, rule => (FtpPermissions)rule.Permissions & FtpPermissions.All),
        account.QuotaBytes,
        account.QuotaFiles);
}
