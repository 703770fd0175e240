namespace ZeroFtp.Storage.Metadata;

/// <summary>What an upload is: fixed when it begins, kept in its <c>upload</c> row once it is journalled, so that a reaper can treat it as its own front-end would.</summary>
internal sealed record UploadPlan
{
    /// <summary>The upload's content key, from <see cref="IMetadataContent.NewKey"/>, used for nothing else.</summary>
    public required string Key { get; init; }

    /// <summary>The directory.</summary>
    public required long Directory { get; init; }

    /// <summary>The name in it.</summary>
    public required string Name { get; init; }

    /// <summary>Who is charged.</summary>
    public required string Owner { get; init; }

    /// <summary>How it relates to what is there.</summary>
    public required UploadKind Kind { get; init; }

    /// <summary>
    /// The file that <see cref="UploadKind.Append"/> or <see cref="UploadKind.Overwrite"/> changes, with its <see cref="FileRow.StorKey"/> (from <see cref="IMetadataContent.ReadContentAsync"/>); null if there was none,
    /// and then the upload is published like <see cref="UploadKind.Replace"/>. Of <see cref="UploadKind.Replace"/> itself: the file that must still be there, at the same version; null if any may be replaced.
    /// </summary>
    public FileRow? Base { get; init; }

    /// <summary>Where the first octet goes, for <see cref="UploadKind.Overwrite"/>.</summary>
    public long Offset { get; init; }

    /// <summary>
    /// How many octets at the beginning of what the upload holds repeat what the base has just before the place of the first new octet: a small tail that was read again so that it and the new octets are one object.
    /// They replace the base's own if it is still at <see cref="Base"/>'s version; otherwise they are skipped. They must lie in the first extent, which must hold at least one octet more.
    /// </summary>
    public long Repeats { get; init; }

    /// <summary>Permission bits of a file that is created; one that is replaced keeps its own.</summary>
    public int FileMode { get; init; }

    /// <summary>Whether an interrupted upload may leave a partial file.</summary>
    public bool KeepPartial { get; init; } = true;

    /// <summary>
    /// The front-end's identity that the upload began under (<see cref="IMetadataContent.ServerId"/>): what is reserved and journalled for it belongs to that one, and is swept with it if it is taken for dead. 0 stands for the
    /// identity at the time of each call.
    /// </summary>
    public long Server { get; init; }

    /// <summary>When it began.</summary>
    public long Started { get; init; }
}
