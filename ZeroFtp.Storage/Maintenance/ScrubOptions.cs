namespace ZeroFtp.Storage.Maintenance;

/// <summary>How the scrubber goes about it. Every property has a sane default.</summary>
public sealed record ScrubOptions
{
    /// <summary>How many octets of objects are checked a second, on the average; 0 sets no limit. A check makes the store read all parts of an object and ZeroFtp its octets.</summary>
    public long BytesPerSecond { get; init; } = 8L << 20;

    /// <summary>Whether what can be repaired is repaired; otherwise it is only reported.</summary>
    public bool Repair { get; init; } = true;

    /// <summary>How many findings are kept in full; all are counted.</summary>
    public int MaxFindings { get; init; } = 10_000;

    /// <summary>How many objects in a row may be out of reach before the run gives up.</summary>
    public int MaxFailuresInARow { get; init; } = 10;

    /// <summary>Every fault of these options, one sentence each; empty if there is none.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> faults = [];
        if (BytesPerSecond < 0)
            faults.Add("BytesPerSecond must not be negative.");
        if (MaxFindings < 0)
            faults.Add("MaxFindings must not be negative.");
        if (MaxFailuresInARow < 1)
            faults.Add("MaxFailuresInARow must be at least 1.");
        return faults;
    }
}
