using System.Security.Cryptography.X509Certificates;

namespace ZeroFtp.Protocol.Driver;

/// <summary>The credentials of a login attempt. The password is for this call only: do not log or store it.</summary>
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

    /// <summary>The client's certificate on the control connection, if any. The engine owns it.</summary>
    public X509Certificate2? ClientCertificate { get; init; }

    /// <summary>Hides the password and the account.</summary>
    public override string ToString() => $"USER {User}";
}

/// <summary>The driver's answer to a login. Exactly one of the nested types.</summary>
public abstract record LoginResult
{
    private LoginResult()
    {
    }

    /// <summary>The login is refused (530).</summary>
    /// <param name="Reason">The reason, for the log only. The client never learns which part was wrong.</param>
    public sealed record Rejected(string Reason) : LoginResult
    {
        /// <summary>True if no password could help (a barred address, a closed server). USER is then answered with 530 immediately.</summary>
        public bool IsFinal { get; init; }

        /// <summary>True if the login was refused only because the connection is not under TLS: answered 533.</summary>
        public bool NeedsTls { get; init; }
    }

    /// <summary>
    /// The queue of logins waiting for verification is full (421, and the connection is closed). This does not count as a failed login.
    /// </summary>
    /// <param name="Reason">The reason, for the log only.</param>
    public sealed record TryLater(string Reason) : LoginResult;

    /// <summary>The password is missing (331, or 336 with a challenge).</summary>
    /// <param name="Challenge">What the client's password is to be computed from, shown with 336 (a one-time password); null asks for an ordinary one.</param>
    public sealed record NeedPassword(string? Challenge = null) : LoginResult;

    /// <summary>The account is missing (332).</summary>
    public sealed record NeedAccount : LoginResult;

    /// <summary>The login is complete (230, or 232 when a certificate identified the user).</summary>
    /// <param name="Driver">The tree that the session sees. It is the engine's from now on, which disposes it when the user leaves if it is <see cref="IAsyncDisposable"/> or <see cref="IDisposable"/>.</param>
    public sealed record Accepted(IClientHandlingDriver Driver) : LoginResult
    {
        /// <summary>The user's name as shown in replies and logs; null takes the argument of USER.</summary>
        public string? UserName { get; init; }

        /// <summary>Where the session starts.</summary>
        public FtpPath StartDirectory { get; init; }

        /// <summary>The user's maximum permissions.</summary>
        public FtpPermissions Permissions { get; init; } = FtpPermissions.All;

        /// <summary>What ACCT must give, after the login, before the user may store (532 until then); null if nothing is asked for.</summary>
        public string? StoringAccount { get; init; }

        /// <summary>True when SITE WHO and SITE KICK are allowed.</summary>
        public bool IsAdministrator { get; init; }

        /// <summary>True for anonymous access.</summary>
        public bool IsAnonymous { get; init; }

        /// <summary>Whether the client's certificate alone identified the user (232).</summary>
        public bool ByCertificate { get; init; }

        /// <summary>The driver cancels it to revoke the login: the session then ends with 421, and its transfer with 426, within moments.</summary>
        public CancellationToken Revoked { get; init; }

        /// <summary>Limits of this user, beside or in place of the server's options.</summary>
        public UserLimits Limits { get; init; } = UserLimits.None;

        /// <summary>The text of the 230 reply, one element a line; null for the engine's own.</summary>
        public IReadOnlyList<string>? Banner { get; init; }
    }
}

/// <summary>Limits of one user. A null sets none: then the server's options hold alone.</summary>
public sealed record UserLimits
{
    /// <summary>No limits of its own.</summary>
    public static UserLimits None { get; } = new();

    /// <summary>
    /// The user's maximum number of concurrent sessions. The server's total and per-address limits also apply. Null: only those apply.
    /// </summary>
    public int? MaxSessions { get; init; }

    /// <summary>
    /// The download rate in bytes per second, shared by all sessions of the user. <c>FtpLimitOptions.DownloadBytesPerSecond</c> also applies
    /// to each session. Null or 0: no limit.
    /// </summary>
    public long? DownloadBytesPerSecond { get; init; }

    /// <summary>
    /// The upload rate in bytes per second, shared by all sessions of the user. <c>FtpLimitOptions.UploadBytesPerSecond</c> also applies
    /// to each session. Null or 0: no limit.
    /// </summary>
    public long? UploadBytesPerSecond { get; init; }

    /// <summary>How long a session may be idle, in place of <c>FtpLimitOptions.IdleTimeout</c>.</summary>
    public TimeSpan? IdleTimeout { get; init; }

    /// <summary>Whether transfers between two servers (FXP) are allowed, in place of <c>FtpDataOptions.AllowFxp</c>.</summary>
    public bool? AllowFxp { get; init; }

    /// <summary>Whether data connections must be under TLS, in place of <c>FtpTlsOptions.RequireOnData</c>; true asks for it, false lifts it for this user.</summary>
    public bool? RequireDataTls { get; init; }

    /// <summary>Whether the end of the data is always the end of an upload, in place of <c>FtpDataOptions.TrustEndOfData</c>.</summary>
    public bool? TrustEndOfData { get; init; }
}
