using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Protocol.Sessions;

/// <summary>How far the login has come.</summary>
internal sealed class LoginState
{
    /// <summary>The argument of a USER whose login is not complete, or null.</summary>
    public string? PendingUser { get; set; }

    /// <summary>Whether PASS is awaited.</summary>
    public bool AwaitsPassword { get; set; }

    /// <summary>Whether ACCT is awaited; the password is kept until then.</summary>
    public bool AwaitsAccount { get; set; }

    public string? PendingPassword { get; set; }

    /// <summary>The password that is being judged, or null.</summary>
    public LoginAttempt? Attempt { get; set; }

    /// <summary>The complete login, or null.</summary>
    public LoginResult.Accepted? Accepted { get; set; }

    /// <summary>Hears of the end of <see cref="LoginResult.Accepted.Revoked"/>.</summary>
    public CancellationTokenRegistration Revocation { get; set; }

    /// <summary>The name of the user who is logged in, or null.</summary>
    public string? User { get; set; }

    /// <summary>Whether the user was let in without a password.</summary>
    public bool WithoutPassword { get; set; }

    /// <summary>Whether the account was given that storing needs.</summary>
    public bool GaveStoringAccount { get; set; }

    /// <summary>Whether the user may not store before ACCT.</summary>
    public bool NeedsStoringAccount => Accepted is { StoringAccount: not null } && !GaveStoringAccount;

    /// <summary>Failed logins of this connection.</summary>
    public int Failures { get; set; }

    /// <summary>The user name of the last failed login, until one succeeds.</summary>
    public string? FailedUser { get; set; }

    /// <summary>How many failed logins in a row had that name.</summary>
    public int FailedInARow { get; set; }

    public void ClearPending()
    {
        PendingUser = PendingPassword = null;
        AwaitsPassword = AwaitsAccount = false;
    }
}
