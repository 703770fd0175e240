using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Metadata;

namespace ZeroFtp.Storage.Accounts;

/// <summary>Decides whether a change to an account takes something away from a session that is logged in to it.</summary>
internal static class Revocation
{
    /// <summary>Returns why the session must end, or null if it may continue.</summary>
    /// <param name="before">The account at the time of the login.</param>
    /// <param name="now">The account now, or null if it was removed.</param>
    /// <param name="session">The session.</param>
    /// <param name="byCertificate">True if a certificate replaced the password.</param>
    /// <param name="utcNow">The current time.</param>
    public static string? Reason(AccountRow before, AccountRow? now, FtpSessionInfo session, bool byCertificate, DateTime utcNow)
    {
        if (now is null)
            return "the account was removed";
        Account old = AccountMapping.ToAccount(before, home: null, rules: []), account = AccountMapping.ToAccount(now, home: null, rules: []);
        if (AccountPolicy.Refuse(account, session, utcNow) is LoginResult.Rejected refusal)
            return refusal.Reason;
        if (old.AccountCode != account.AccountCode || old.StoringCode != account.StoringCode || (old.AllowsNoPassword && !account.AllowsNoPassword))
            return "the account asks for something else at the login";
        if (byCertificate && old.Certificates.Except(account.Certificates, StringComparer.OrdinalIgnoreCase).Any())
            return "the account's certificates were changed";
        if (before.Home != now.Home)
            return "the account has another home";
        bool narrower = HasLess(before, now) || (old.IsAdministrator && !account.IsAdministrator) || (account.RequiresDataTls && !old.RequiresDataTls)
            || (account.Limits.AllowFxp == false && old.Limits.AllowFxp != false)
            || IsLess(old.QuotaBytes, account.QuotaBytes) || IsLess(old.QuotaFiles, account.QuotaFiles);
        return narrower ? "the account has fewer rights" : null;
    }

    private static bool IsLess(long? before, long? now) => now is not null && (before is null || now < before);

    /// <summary>
    /// True if anything is forbidden now, in any directory, that was allowed before. Only the tree knows which rule a directory inherits. Where a rule was
    /// added or removed, this therefore compares the widest permissions that could have applied with the narrowest that could apply now: it may report a loss
    /// where there is none, but never misses one.
    /// </summary>
    private static bool HasLess(AccountRow before, AccountRow now)
    {
        if ((before.Permissions & ~now.Permissions) != 0)
            return true;
        Dictionary<long, long> old = before.Rules.ToDictionary(rule => rule.Directory, rule => rule.Permissions);
        Dictionary<long, long> rules = now.Rules.ToDictionary(rule => rule.Directory, rule => rule.Permissions);
        long widest = old.Values.Aggregate(before.Permissions, static (all, one) => all | one);
        long narrowest = rules.Values.Aggregate(now.Permissions, static (all, one) => all & one);
        return old.Keys.Union(rules.Keys).Any(directory => (old.GetValueOrDefault(directory, widest) & ~rules.GetValueOrDefault(directory, narrowest)) != 0);
    }
}
