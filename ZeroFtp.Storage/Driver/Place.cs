using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Metadata;

namespace ZeroFtp.Storage.Driver;

/// <summary>Where a path leads.</summary>
internal readonly record struct Place
{
    /// <summary>The path after following the links that were to be followed.</summary>
    public required FtpPath Path { get; init; }

    /// <summary>The id of the directory that contains, or would contain, the entry; 0 for the session's root.</summary>
    public long Directory { get; init; }

    /// <summary>The entry, or null if there is none.</summary>
    public FileRow? Row { get; init; }

    /// <summary>The link through which the path's last component led here, or null.</summary>
    public FileRow? Link { get; init; }

    /// <summary>What the account may do to the entry, which depends on the directory that contains it.</summary>
    public FtpPermissions Permissions { get; init; }

    /// <summary>What the account may do within the entry, if it is a directory.</summary>
    public FtpPermissions Inner { get; init; }

    /// <summary>Why the directory that would contain the entry was not reached, or null if it was.</summary>
    public FtpError? Error { get; init; }

    public bool IsRoot => Path.IsRoot;

    public string Name => Path.Name;

    /// <summary>The entry.</summary>
    /// <exception cref="FtpDriverException">There is none.</exception>
    public FileRow Existing => Row ?? throw new FtpDriverException(Error ?? FtpError.NotFound);

    /// <exception cref="FtpDriverException">PermissionDenied.</exception>
    public Place Demand(FtpPermissions permissions) => (Permissions & permissions) == permissions ? this : throw new FtpDriverException(FtpError.PermissionDenied);

    /// <summary>Requires that the directory which contains or would contain the entry was reached, and that the entry is not the root itself.</summary>
    public Place DemandParent()
    {
        if (Error is FtpError error)
            throw new FtpDriverException(error);
        return IsRoot ? throw new FtpDriverException(FtpError.PermissionDenied) : this;
    }
}
