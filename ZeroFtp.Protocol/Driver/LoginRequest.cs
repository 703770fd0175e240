using System.Security.Cryptography.X509Certificates;

namespace ZeroFtp.Protocol.Driver;

/// <summary>Who wants to log in. The password is for this call only: neither log nor keep it.</summary>
public sealed record LoginRequest
{
    /// <summary>The session that logs in.</summary>
    public required FtpSessionInfo Session { get; init; }

    /// <summary>The argument of USER.</summary>
    public required string User { get; init; }

    /// <summary>The argument of PASS, which may be empty; null while PASS has not been sent.</summary>
    public string? Password { get; init; }

    /// <summary>The argument of ACCT; null while ACCT has not been sent.</summary>
    public string? Account { get; init; }

    /// <summary>The certificate that the client showed on the control connection, if any; it belongs to the engine.</summary>
    public X509Certificate2? ClientCertificate { get; init; }

    /// <summary>Hides the password and the account.</summary>
    public override string ToString() => $"USER {User}";
}

/// <summary>What the driver says to a login. Exactly one of the nested types.</summary>
public abstract record LoginResult
{
    private LoginResult()
    {
    }

    /// <summary>No (530). The reason is for the log only; the client is never told which part was wrong.</summary>
    public sealed record Rejected(string Reason) : LoginResult
    {
        /// <summary>True if no password could help (a barred address, a closed server): answered 530 to USER at once.</summary>
        public bool IsFinal { get; init; }

        /// <summary>True if the login was refused only because the connection is not under TLS: answered 533.</summary>
        public bool NeedsTls { get; init; }
    }

    /// <summary>The password is missing (331, or 336 with a challenge).</summary>
    public sealed record NeedPassword(string? Challenge = null) : LoginResult;

    /// <summary>The account is missing (332).</summary>
    public sealed record NeedAccount : LoginResult;

    /// <summary>Yes (230, or 232 when a certificate identified the user).</summary>
    public sealed record Accepted(IClientHandlingDriver Driver) : LoginResult
    {
        /// <summary>The user's name as shown in replies and logs; null takes the argument of USER.</summary>
        public string? UserName { get; init; }

        /// <summary>Where the session starts.</summary>
        public FtpPath StartDirectory { get; init; }

        /// <summary>What the user may do at most.</summary>
        public FtpPermissions Permissions { get; init; } = FtpPermissions.All;

        /// <summary>What ACCT must give, after the login, before the user may store (532 until then); null if nothing is asked for.</summary>
        public string? StoringAccount { get; init; }

        /// <summary>Whether SITE WHO and SITE KICK are allowed.</summary>
        public bool IsAdministrator { get; init; }

        /// <summary>Whether this is anonymous access.</summary>
        public bool IsAnonymous { get; init; }

        /// <summary>Whether the client's certificate alone identified the user (232).</summary>
        public bool ByCertificate { get; init; }

        /// <summary>Limits of this user; where one is null the server's option holds.</summary>
        public UserLimits Limits { get; init; } = UserLimits.None;

        /// <summary>The text of the 230 reply, one element a line; null for the engine's own.</summary>
        public IReadOnlyList<string>? Banner { get; init; }
    }
}

/// <summary>Limits of one user. A null leaves the server's option in force.</summary>
public sealed record UserLimits
{
    /// <summary>No limits of its own.</summary>
    public static UserLimits None { get; } = new();

    /// <summary>Sessions that the user may have at the same time.</summary>
    public int? MaxSessions { get; init; }

    /// <summary>Octets a second that all sessions of the user together may fetch.</summary>
    public long? DownloadBytesPerSecond { get; init; }

    /// <summary>Octets a second that all sessions of the user together may store.</summary>
    public long? UploadBytesPerSecond { get; init; }

    /// <summary>How long a session may be idle.</summary>
    public TimeSpan? IdleTimeout { get; init; }

    /// <summary>Whether transfers between two servers (FXP) are allowed.</summary>
    public bool? AllowFxp { get; init; }

    /// <summary>Whether data connections must be under TLS.</summary>
    public bool? RequireDataTls { get; init; }
}
