using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Storage.Accounts;

/// <summary>A login and what it may do. The password hash is not part of it; see <see cref="IAccounts.SetPasswordAsync"/>.</summary>
public sealed record Account
{
    /// <summary>The name given with USER, compared exactly: 1 to 128 characters, no control characters.</summary>
    public required string Name { get; init; }

    /// <summary>The account's root directory, as an absolute path in the whole tree. Null means <c>/NAME</c>. Created if it is missing.</summary>
    public string? Home { get; init; }

    /// <summary>The permissions that apply where no rule matches.</summary>
    public FtpPermissions Permissions { get; init; } = FtpPermissions.All;

    /// <summary>
    /// Rules that narrow or widen <see cref="Permissions"/> for a directory of the account's own tree and everything below it. The deepest match wins.
    /// </summary>
    public IReadOnlyList<DirectoryRule> Rules { get; init; } = [];

    /// <summary>True if the account can log in.</summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>When the account expires, or null if it never does.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Networks from which the account may log in, as addresses or CIDR prefixes. Empty allows all addresses.</summary>
    public IReadOnlyList<string> AllowedAddresses { get; init; } = [];

    /// <summary>
    /// Virtual hosts (HOST, SNI) on which the account exists, compared without regard to case. Empty means every host, and sessions that chose none.
    /// </summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>True if the account may use SITE WHO and SITE KICK.</summary>
    public bool IsAdministrator { get; init; }

    /// <summary>True if the account can log in only under TLS.</summary>
    public bool RequiresTls { get; init; }

    /// <summary>True if data connections must use TLS.</summary>
    public bool RequiresDataTls { get; init; }

    /// <summary>
    /// True if the end of the data always ends an upload successfully, for devices that close their connections in any order. False follows the server's
    /// options.
    /// </summary>
    public bool TrustsEndOfData { get; init; }

    /// <summary>The argument that ACCT must give after the password, or null if the login needs no ACCT.</summary>
    public string? AccountCode { get; init; }

    /// <summary>The argument that ACCT must give after the login before the account may store files, or null if storing needs no ACCT.</summary>
    public string? StoringCode { get; init; }

    /// <summary>
    /// Client certificates that replace the password: each a SHA-256 thumbprint in hexadecimal digits, or a whole distinguished subject name.
    /// </summary>
    public IReadOnlyList<string> Certificates { get; init; } = [];

    /// <summary>True if USER alone logs the account in. Use it only for public content.</summary>
    public bool AllowsNoPassword { get; init; }

    /// <summary>Maximum number of bytes that the account may own, or null for no limit.</summary>
    public long? QuotaBytes { get; init; }

    /// <summary>Maximum number of files that the account may own, or null for no limit.</summary>
    public long? QuotaFiles { get; init; }

    /// <summary>Session and speed limits.</summary>
    public UserLimits Limits { get; init; } = UserLimits.None;

    /// <summary>The directory, in the account's own tree, where a session starts.</summary>
    public string StartDirectory { get; init; } = "/";
}
