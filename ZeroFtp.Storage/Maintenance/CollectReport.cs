namespace ZeroFtp.Storage.Maintenance;

/// <summary>The result of a garbage collection.</summary>
/// <param name="ObjectsDeleted">The number of objects deleted.</param>
/// <param name="BytesDeleted">Their total length in bytes.</param>
/// <param name="ObjectsFailed">The number of objects whose deletion failed; it is retried later.</param>
/// <param name="UploadsReaped">The number of uploads of dead servers that were ended like interrupted ones.</param>
public sealed record CollectReport(long ObjectsDeleted, long BytesDeleted, long ObjectsFailed, long UploadsReaped)
{
    /// <summary>Why deletions failed: one line per reason, with the number of objects and the first of them.</summary>
    public IReadOnlyList<string> Postponed { get; init; } = [];
}
