using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Storage.Accounts;

/// <summary>Decides whether an account whose user has been identified may log in at this time and from this address.</summary>
internal static class AccountPolicy
{
    /// <summary>Returns the refusal, or null if the login is allowed.</summary>
    public static LoginResult? Refuse(Account account, FtpSessionInfo session, DateTime utcNow)
    {
        if (!account.IsEnabled)
            return new LoginResult.Rejected("The account is disabled.");
        if (account.Expires is DateTimeOffset expires && expires.UtcDateTime <= utcNow)
            return new LoginResult.Rejected("The account has expired.");
        if (account.Hosts.Count > 0 && !account.Hosts.Contains(session.HostName ?? "", StringComparer.OrdinalIgnoreCase))
            return new LoginResult.Rejected("The account does not exist on this host.");
        if (!AddressRules.Allows(account.AllowedAddresses, session.RemoteEndPoint))
            return new LoginResult.Rejected("The account must not be used from this address.");
        return account.RequiresTls && !session.IsProtected ? new LoginResult.Rejected("The account needs TLS.") { NeedsTls = true } : null;
    }
}
