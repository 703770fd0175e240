namespace ZeroFtp.Storage.Accounts;

/// <summary>The answer of an <see cref="IAuthenticator"/> to a login: exactly one of the nested types.</summary>
public abstract record Authentication
{
    private Authentication()
    {
    }

    /// <summary>The authenticator does not know the name; the next one is asked.</summary>
    public sealed record NotMine : Authentication;

    /// <summary>The password is missing. The challenge, if there is one, is shown to the user.</summary>
    public sealed record NeedPassword(string? Challenge = null) : Authentication;

    /// <summary>The account (ACCT) is missing.</summary>
    public sealed record NeedAccount : Authentication;

    /// <summary>The login is refused. The reason goes to the log only.</summary>
    public sealed record Rejected(string Reason) : Authentication
    {
        /// <summary>True if the lack of TLS is the only reason (533).</summary>
        public bool NeedsTls { get; init; }
    }

    /// <summary>The login succeeds as this account, which need not be stored anywhere. Its home is created if it is missing.</summary>
    public sealed record Accepted(Account Account) : Authentication
    {
        /// <summary>True if the client's certificate alone identified the user.</summary>
        public bool ByCertificate { get; init; }

        /// <summary>True for anonymous access.</summary>
        public bool IsAnonymous { get; init; }

        internal Accounts.StoredLogin? Stored { get; init; }
    }
}
