using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Storage.Accounts;

/// <summary>A login and what it may do. The password's hash is not part of it; see <see cref="IAccounts.SetPasswordAsync"/>.</summary>
public sealed record Account
{
    /// <summary>The argument of USER, compared exactly: 1 to 128 characters without control characters.</summary>
    public required string Name { get; init; }

    /// <summary>The directory that is the account's root, as an absolute path of the whole tree; null takes <c>/NAME</c>. It is created when it is missing.</summary>
    public string? Home { get; init; }

    /// <summary>What the account may do at most.</summary>
    public FtpPermissions Permissions { get; init; } = FtpPermissions.All;

    /// <summary>Rules for directories of the account's own tree, which narrow or widen <see cref="Permissions"/> there and below; the deepest one that matches holds.</summary>
    public IReadOnlyList<DirectoryRule> Rules { get; init; } = [];

    /// <summary>Whether the account can log in at all.</summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>When the account ceases to work, or null for never.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Networks from which the account may log in, as addresses or CIDR prefixes; empty for everywhere.</summary>
    public IReadOnlyList<string> AllowedAddresses { get; init; } = [];

    /// <summary>Virtual hosts (HOST, SNI) on which the account exists, compared without regard to case; empty for all of them and for sessions that chose none.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Whether the account may use SITE WHO and SITE KICK.</summary>
    public bool IsAdministrator { get; init; }

    /// <summary>Whether the account logs in under TLS only.</summary>
    public bool RequiresTls { get; init; }

    /// <summary>Whether data connections must be under TLS.</summary>
    public bool RequiresDataTls { get; init; }

    /// <summary>Whether the end of the data is always the end of an upload, for devices that drop their connections in any order; false: as the server's options say.</summary>
    public bool TrustsEndOfData { get; init; }

    /// <summary>What ACCT must give after the password, or null if ACCT is not asked for.</summary>
    public string? AccountCode { get; init; }

    /// <summary>What ACCT must give, after the login, before the account may store, or null if storing needs no more.</summary>
    public string? StoringCode { get; init; }

    /// <summary>Client certificates that stand for the password: each the SHA-256 thumbprint in hexadecimal digits, or a whole distinguished subject name.</summary>
    public IReadOnlyList<string> Certificates { get; init; } = [];

    /// <summary>Whether USER alone logs the account in. Only for what is public anyway.</summary>
    public bool AllowsNoPassword { get; init; }

    /// <summary>How many octets the account may own, or null for no limit.</summary>
    public long? QuotaBytes { get; init; }

    /// <summary>How many files the account may own, or null for no limit.</summary>
    public long? QuotaFiles { get; init; }

    /// <summary>Limits of sessions and speed.</summary>
    public UserLimits Limits { get; init; } = UserLimits.None;

    /// <summary>The directory of the account's own tree where a session starts.</summary>
    public string StartDirectory { get; init; } = "/";
}
