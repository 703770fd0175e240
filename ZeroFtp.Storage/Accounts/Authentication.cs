namespace ZeroFtp.Storage.Accounts;

/// <summary>What an <see cref="IAuthenticator"/> says to a login. Exactly one of the nested types.</summary>
public abstract record Authentication
{
    private Authentication()
    {
    }

    /// <summary>It does not know the name: the next one is asked.</summary>
    public sealed record NotMine : Authentication;

    /// <summary>The password is missing, with a challenge to show or null.</summary>
    public sealed record NeedPassword(string? Challenge = null) : Authentication;

    /// <summary>The account (ACCT) is missing.</summary>
    public sealed record NeedAccount : Authentication;

    /// <summary>No; the reason is for the log only.</summary>
    public sealed record Rejected(string Reason) : Authentication
    {
        /// <summary>Whether only the lack of TLS was wrong (533).</summary>
        public bool NeedsTls { get; init; }
    }

    /// <summary>Yes, as this account, which need not be stored anywhere. Its home is created if it is missing.</summary>
    public sealed record Accepted(Account Account) : Authentication
    {
        /// <summary>Whether the client's certificate alone identified the user.</summary>
        public bool ByCertificate { get; init; }

        /// <summary>Whether this is anonymous access.</summary>
        public bool IsAnonymous { get; init; }

        internal Accounts.StoredLogin? Stored { get; init; }
    }
}
