namespace ZeroFtp.Storage.Metadata;

/// <summary>A login. Immutable.</summary>
internal sealed record AccountRow
{
    /// <summary>The login name, unique.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// The password hash with its method and cost; empty if no password is accepted. Null in a row that is saved over another one keeps that one's hash.
    /// </summary>
    public string? PasswordHash { get; init; } = "";

    /// <summary>The id of the home directory, which the session sees as its root.</summary>
    public required long Home { get; init; }

    /// <summary>Permission flags; see <see cref="Protocol.Driver.FtpPermissions"/>.</summary>
    public long Permissions { get; init; }

    /// <summary>True if the account may use the commands of administrators.</summary>
    public bool IsAdmin { get; init; }

    /// <summary>True if the account is disabled.</summary>
    public bool IsDisabled { get; init; }

    /// <summary>When the account expires, or null.</summary>
    public long? Expires { get; init; }

    /// <summary>Networks from which it may log in, as CIDR prefixes separated by blanks. Empty allows all.</summary>
    public string AllowedAddresses { get; init; } = "";

    /// <summary>Maximum number of stored bytes, or null for no limit.</summary>
    public long? QuotaBytes { get; init; }

    /// <summary>Maximum number of files, or null for no limit.</summary>
    public long? QuotaFiles { get; init; }

    /// <summary>The upload limit in bytes per second, or null.</summary>
    public long? UploadRate { get; init; }

    /// <summary>The download limit in bytes per second, or null.</summary>
    public long? DownloadRate { get; init; }

    /// <summary>Everything else that the driver stores of an account, as JSON. The metadata store does not interpret it.</summary>
    public string Settings { get; init; } = "";

    /// <summary>True if there is no such account, and the row only replaces it so that both cases cost the same.</summary>
    public bool IsDecoy { get; init; }

    /// <summary>Directories in which, and below which, other permissions apply.</summary>
    public IReadOnlyList<AccountRule> Rules { get; init; } = [];
}

/// <summary>Permissions of an account in one directory and below, down to the next rule (an upload-only directory: write without list and read).</summary>
/// <param name="Directory">The directory's id.</param>
/// <param name="Permissions">The flags that apply there.</param>
internal readonly record struct AccountRule(long Directory, long Permissions);
