namespace ZeroFtp.Protocol.Driver;

/// <summary>What an entry of a directory is, after following symbolic links.</summary>
public enum FtpEntryKind
{
    /// <summary>A plain file.</summary>
    File,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A symbolic link whose target does not exist; <see cref="FtpEntry.LinkTarget"/> says what it names.</summary>
    DanglingLink,

    /// <summary>Anything else (device, socket, pipe); listed, but not transferable.</summary>
    Other,
}

/// <summary>What is known of one file or directory. Instances are immutable and owned by nobody; a driver may hand out the same one many times.</summary>
public sealed record FtpEntry
{
    /// <summary>The last component of its path, in the mapping of <see cref="FtpText"/>; empty for the root.</summary>
    public required string Name { get; init; }

    /// <summary>What it is, symbolic links followed.</summary>
    public required FtpEntryKind Kind { get; init; }

    /// <summary>Its length in bytes; 0 for directories.</summary>
    public long Size { get; init; }

    /// <summary>Its modification time, UTC. The default value means that it is unknown: MLSD and MLST then leave the fact out.</summary>
    public DateTime ModifiedUtc { get; init; }

    /// <summary>Its true time of birth, UTC, or null if the store keeps none. Never a change time (RFC 3659 section 7.5.4).</summary>
    public DateTime? CreatedUtc { get; init; }

    /// <summary>Unix permission bits, 0 to 0o7777. A store without them leaves the default 0644, or sets 0755 for directories.</summary>
    public int Mode { get; init; } = 0b110_100_100;

    /// <summary>The owner's name as shown in listings; null shows <c>ftp</c>.</summary>
    public string? Owner { get; init; }

    /// <summary>The group's name as shown in listings; null shows <c>ftp</c>.</summary>
    public string? Group { get; init; }

    /// <summary>The owner's number (LIST -n, UNIX.uid); null shows 65534.</summary>
    public int? OwnerId { get; init; }

    /// <summary>The group's number (LIST -n, UNIX.gid); null shows 65534.</summary>
    public int? GroupId { get; init; }

    /// <summary>The number of links shown in listings.</summary>
    public int LinkCount { get; init; } = 1;

    /// <summary>What the symbolic link names, as stored, if the entry is one; otherwise null.</summary>
    public string? LinkTarget { get; init; }

    /// <summary>An opaque token, equal for two names of one object and different otherwise, without space or <c>;</c> (RFC 3659 section 7.5.2); null if the store has none.</summary>
    public string? Unique { get; init; }

    /// <summary>What the session's user may do with this very entry, or null if nothing but the session's own permissions limits it.</summary>
    public FtpPermissions? Permissions { get; init; }

    /// <summary>Whether the session may do one of these things to the entry, as far as its own permissions tell.</summary>
    internal bool Allows(FtpPermissions any) => Permissions is not FtpPermissions own || (own & any) != 0;

    /// <summary>Whether the content is what an interrupted upload left.</summary>
    public bool IsPartial { get; init; }

    /// <summary>Whether it is a directory.</summary>
    public bool IsDirectory => Kind == FtpEntryKind.Directory;

    /// <summary>Whether it is a plain file.</summary>
    public bool IsFile => Kind == FtpEntryKind.File;
}
