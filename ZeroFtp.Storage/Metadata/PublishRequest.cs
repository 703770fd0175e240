namespace ZeroFtp.Storage.Metadata;

/// <summary>The end of an upload.</summary>
internal sealed record PublishRequest
{
    /// <summary>The upload.</summary>
    public required UploadPlan Plan { get; init; }

    /// <summary>The total length of its extents in bytes, journalled or not, including <see cref="UploadPlan.Repeats"/>.</summary>
    public required long Length { get; init; }

    /// <summary>The extents that were not journalled, in order, up to <see cref="Length"/>.</summary>
    public IReadOnlyList<Extent> Extents { get; init; } = [];

    /// <summary>The file's new modification time.</summary>
    public required long ModTime { get; init; }

    /// <summary>The owner's quota in bytes, checked in the same unit; null for none.</summary>
    public long? QuotaBytes { get; init; }

    /// <summary>The owner's quota of files; null for none.</summary>
    public long? QuotaFiles { get; init; }

    /// <summary>
    /// Files that the publication consumes, as they were when their content was taken. They are removed in the same unit, which refuses if one is gone
    /// (NotFound) or changed (Conflict). The space that they free counts for the quota. The upload must be journalled
    /// (<see cref="IMetadataContent.JournalAsync"/>, if necessary without extents).
    /// </summary>
    public IReadOnlyList<FileRow> Parts { get; init; } = [];
}
