namespace ZeroFtp.Storage.Metadata;

/// <summary>A login. Immutable.</summary>
internal sealed record AccountRow
{
    /// <summary>The login name, unique.</summary>
    public required string Name { get; init; }

    /// <summary>The password's hash with its method and cost; empty if no password opens it. Null in a row that is saved over another one leaves that one's as it is.</summary>
    public string? PasswordHash { get; init; } = "";

    /// <summary>The home directory's id: what the session sees as its root.</summary>
    public required long Home { get; init; }

    /// <summary>Permission flags, as <see cref="Protocol.Driver.FtpPermissions"/> numbers them.</summary>
    public long Permissions { get; init; }

    /// <summary>Whether administrators' words are open to it.</summary>
    public bool IsAdmin { get; init; }

    /// <summary>Whether it is barred.</summary>
    public bool IsDisabled { get; init; }

    /// <summary>From when on it is barred, or null.</summary>
    public long? Expires { get; init; }

    /// <summary>Networks it may come from (CIDR, blanks between); empty allows all.</summary>
    public string AllowedAddresses { get; init; } = "";

    /// <summary>The limit of stored bytes, or null.</summary>
    public long? QuotaBytes { get; init; }

    /// <summary>The limit of files, or null.</summary>
    public long? QuotaFiles { get; init; }

    /// <summary>The upload limit in bytes a second, or null.</summary>
    public long? UploadRate { get; init; }

    /// <summary>The download limit in bytes a second, or null.</summary>
    public long? DownloadRate { get; init; }

    /// <summary>Whatever else the driver keeps of an account (a JSON text); the metadata store does not look into it.</summary>
    public string Settings { get; init; } = "";

    /// <summary>Whether there is no such account, and the row stands for it only so that both cost the same.</summary>
    public bool IsDecoy { get; init; }

    /// <summary>Directories, with all below them, where other permissions hold than elsewhere.</summary>
    public IReadOnlyList<AccountRule> Rules { get; init; } = [];
}

/// <summary>Permissions of one account in one directory and below, until a rule further down says otherwise (an upload-only directory: write without list and read).</summary>
/// <param name="Directory">The directory's id.</param>
/// <param name="Permissions">The flags that hold there.</param>
internal readonly record struct AccountRule(long Directory, long Permissions);
