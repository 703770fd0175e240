using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Protocol.Memory;

/// <summary>An account of a <see cref="MemoryServerDriver"/>. Passwords are kept as they are: this is for tests and samples.</summary>
/// <param name="Name">What USER gives.</param>
/// <param name="Password">What PASS must give; null if no password lets the user in, or any does for an anonymous one.</param>
public sealed record MemoryAccount(string Name, string? Password)
{
    /// <summary>What ACCT must give; null if it is not asked for.</summary>
    public string? Account { get; init; }

    /// <summary>What ACCT must give, after the login, before the user may store; null if it is not asked for.</summary>
    public string? StoringAccount { get; init; }

    /// <summary>Whether any password does.</summary>
    public bool IsAnonymous { get; init; }

    /// <summary>Whether SITE WHO and SITE KICK are allowed.</summary>
    public bool IsAdministrator { get; init; }

    /// <summary>The SHA-256 of the client certificate that lets the user in without a password, in hexadecimal; null for none.</summary>
    public string? CertificateThumbprint { get; init; }

    /// <summary>What the user may do.</summary>
    public FtpPermissions Permissions { get; init; } = FtpPermissions.All;

    /// <summary>The directory of the tree that the user sees as the root.</summary>
    public FtpPath Root { get; init; }

    /// <summary>Where sessions start, below <see cref="Root"/>.</summary>
    public FtpPath StartDirectory { get; init; }

    /// <summary>How many octets the user's files may have together; null for no limit.</summary>
    public long? QuotaBytes { get; init; }

    /// <summary>Limits of the user's sessions.</summary>
    public UserLimits Limits { get; init; } = UserLimits.None;

    /// <summary>Hides the password and the account.</summary>
    public override string ToString() => Name;
}
