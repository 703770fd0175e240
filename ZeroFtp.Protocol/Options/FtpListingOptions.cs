namespace ZeroFtp.Protocol.Options;

/// <summary>Which listings show names that begin with a dot.</summary>
public enum FtpDotFiles
{
    /// <summary>MLSD shows them; LIST and NLST do when the client asks with <c>-a</c> or <c>-A</c>.</summary>
    OnRequest,

    /// <summary>Every listing shows them.</summary>
    Always,

    /// <summary>No listing shows them. They can still be fetched and stored by name.</summary>
    Never,
}

/// <summary>How lines of LIST look.</summary>
public enum FtpListFormat
{
    /// <summary>As <c>ls -l</c> writes them.</summary>
    Unix,

    /// <summary>As the DIR command of MS-DOS does. SYST then answers <c>Windows_NT</c>.</summary>
    MsDos,
}

/// <summary>What the type fact says of a symbolic link (RFC 3659 section 7.5.1.5).</summary>
public enum FtpLinkFacts
{
    /// <summary><c>OS.unix=symlink</c>, as ProFTPD does: the form that most clients know. A client that removes a tree removes the link and leaves its target alone.</summary>
    Symlink,

    /// <summary><c>OS.unix=slink:</c> and the target, as Pure-FTPd does. Clients that do not know the form leave the link out.</summary>
    SlinkWithTarget,

    /// <summary>
    /// The type of the target; <c>OS.unix=slink:</c> only where there is none. Clients that walk trees by MLSD then walk through links: lftp, rclone, FileZilla and others delete the content of the target when they delete
    /// the tree that holds the link.
    /// </summary>
    TargetType,
}

/// <summary>How directories are listed, and how much work one listing may cause.</summary>
public sealed record FtpListingOptions
{
    /// <summary>Which listings show names that begin with a dot.</summary>
    public FtpDotFiles DotFiles { get; init; }

    /// <summary>How lines of LIST look.</summary>
    public FtpListFormat Format { get; init; }

    /// <summary>How MLSD and MLST show symbolic links.</summary>
    public FtpLinkFacts LinkFacts { get; init; }

    /// <summary>Whether owners and groups are hidden: listings then say <c>ftp</c>.</summary>
    public bool HideOwners { get; init; }

    /// <summary>Whether <c>-R</c> is obeyed; otherwise it is passed over.</summary>
    public bool AllowRecursion { get; init; } = true;

    /// <summary>How many directories deep <c>-R</c> goes.</summary>
    public int MaxDepth { get; init; } = 32;

    /// <summary>How many entries one listing with <c>-R</c> or with a pattern looks at; it then ends early. Plain listings are streamed and have no limit.</summary>
    public int MaxEntries { get; init; } = 1_000_000;

    /// <summary>How many directories one listing with <c>-R</c> or with a pattern opens; it then ends early.</summary>
    public int MaxDirectories { get; init; } = 10_000;

    /// <summary>How long one listing with <c>-R</c> or with a pattern looks for entries; it then ends early.</summary>
    public TimeSpan MaxDuration { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How many entries of a directory are held to be sorted by time or size or in reverse; a larger directory is listed in the order of its names.</summary>
    public int MaxSortedEntries { get; init; } = 100_000;

    /// <summary>The media types of names by their suffix in lower case with its dot, for example <c>.txt</c>; null, the default, never guesses and offers no such fact (RFC 3659 section 7.5.8).</summary>
    public IReadOnlyDictionary<string, string>? MediaTypes { get; init; }

    /// <summary>All that is wrong with these options; empty if nothing is.</summary>
    public IEnumerable<string> Validate()
    {
        if (MaxDepth < 1)
            yield return $"{nameof(MaxDepth)} must be at least 1.";
        if (MaxEntries < 1)
            yield return $"{nameof(MaxEntries)} must be at least 1.";
        if (MaxDirectories < 1)
            yield return $"{nameof(MaxDirectories)} must be at least 1.";
        if (MaxDuration <= TimeSpan.Zero)
            yield return $"{nameof(MaxDuration)} must be positive.";
        if (MaxSortedEntries < 0)
            yield return $"{nameof(MaxSortedEntries)} must not be negative.";
    }
}
