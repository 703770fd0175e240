namespace ZeroFtp.Storage.Maintenance;

/// <summary>The outcome of a collection of garbage.</summary>
/// <param name="ObjectsDeleted">Objects deleted.</param>
/// <param name="BytesDeleted">Their octets.</param>
/// <param name="ObjectsFailed">Objects whose deletion failed; it is tried again later.</param>
/// <param name="UploadsReaped">Uploads of a server that died, ended as if they had been interrupted.</param>
public sealed record CollectReport(long ObjectsDeleted, long BytesDeleted, long ObjectsFailed, long UploadsReaped)
{
    /// <summary>Why deletions failed: one line a reason, with the number of objects and the first of them.</summary>
    public IReadOnlyList<string> Postponed { get; init; } = [];
}
