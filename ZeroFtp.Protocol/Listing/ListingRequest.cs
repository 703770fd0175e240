using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Options;

namespace ZeroFtp.Protocol.Listing;

/// <summary>Which verb asks for a listing, and so what its lines look like.</summary>
internal enum ListingVerb
{
    /// <summary>LIST.</summary>
    List,

    /// <summary>NLST.</summary>
    Names,

    /// <summary>MLSD, whose argument has neither options nor patterns.</summary>
    Machine,

    /// <summary>STAT with a pathname: as LIST, but no line may look like the end of the reply.</summary>
    Status,
}

/// <summary>What is to be listed, for whom, and how.</summary>
internal sealed record ListingRequest
{
    public required ListingVerb Verb { get; init; }

    public required IClientHandlingDriver Driver { get; init; }

    /// <summary>What the session's user may do at most.</summary>
    public FtpPermissions Permissions { get; init; } = FtpPermissions.All;

    /// <summary>The working directory.</summary>
    public FtpPath Directory { get; init; }

    /// <summary>The verb's argument as the client sent it, options and all; empty for none.</summary>
    public string Argument { get; init; } = "";

    /// <summary>The facts that MLSD shows.</summary>
    public MlstFacts Facts { get; init; } = MlstFactNames.Default;

    public FtpListingOptions Options { get; init; } = new();

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
