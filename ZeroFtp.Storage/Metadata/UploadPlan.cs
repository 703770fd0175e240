namespace ZeroFtp.Storage.Metadata;

/// <summary>
/// Describes an upload. Fixed when it starts, and stored in its <c>upload</c> row once it is journalled, so that a reaper can treat it as its own front-end
/// would.
/// </summary>
internal sealed record UploadPlan
{
    /// <summary>The upload's content key, from <see cref="IMetadataContent.NewKey"/>, used for nothing else.</summary>
    public required string Key { get; init; }

    /// <summary>The directory.</summary>
    public required long Directory { get; init; }

    /// <summary>The name in it.</summary>
    public required string Name { get; init; }

    /// <summary>The account that is charged.</summary>
    public required string Owner { get; init; }

    /// <summary>How it relates to the existing entry.</summary>
    public required UploadKind Kind { get; init; }

    /// <summary>
    /// The file that <see cref="UploadKind.Append"/> or <see cref="UploadKind.Overwrite"/> changes, with its <see cref="FileRow.StorKey"/> (from
    /// <see cref="IMetadataContent.ReadContentAsync"/>); null if there was none, and then the upload is published like <see cref="UploadKind.Replace"/>. For
    /// <see cref="UploadKind.Replace"/> itself: the file that must still be there, at the same version; null if any file may be replaced.
    /// </summary>
    public FileRow? Base { get; init; }

    /// <summary>The position of the first byte, for <see cref="UploadKind.Overwrite"/>.</summary>
    public long Offset { get; init; }

    /// <summary>
    /// The number of bytes at the start of the upload that repeat what the base has just before the position of the first new byte: a small tail that was read
    /// again so that it forms one object with the new bytes. They replace the base's own bytes if the base is still at <see cref="Base"/>'s version; otherwise
    /// they are skipped. They must lie in the first extent, which must contain at least one byte more.
    /// </summary>
    public long Repeats { get; init; }

    /// <summary>Permission bits of a new file; a replaced file keeps its own.</summary>
    public int FileMode { get; init; }

    /// <summary>True if an interrupted upload may leave a partial file.</summary>
    public bool KeepPartial { get; init; } = true;

    /// <summary>
    /// The front-end's identity when the upload started (<see cref="IMetadataContent.ServerId"/>). What is reserved and journalled for the upload belongs to
    /// that identity, and is swept with it if it is declared dead. 0 means the identity at the time of each call.
    /// </summary>
    public long Server { get; init; }

    /// <summary>When it started.</summary>
    public long Started { get; init; }
}
