namespace ZeroFtp.Storage.Maintenance;

/// <summary>Options of a scrub. Every property has a default.</summary>
public sealed record ScrubOptions
{
    /// <summary>Average rate of checked bytes per second; 0 for no limit. A check makes the store read all parts of an object, and ZeroFtp its bytes.</summary>
    public long BytesPerSecond { get; init; } = 8L << 20;

    /// <summary>True to repair what can be repaired; otherwise it is only reported.</summary>
    public bool Repair { get; init; } = true;

    /// <summary>Maximum number of findings kept in full. All are counted.</summary>
    public int MaxFindings { get; init; } = 10_000;

    /// <summary>Maximum number of consecutive objects out of reach before the run gives up.</summary>
    public int MaxFailuresInARow { get; init; } = 10;

    /// <summary>Returns every fault of these options, one sentence each; empty if there is none.</summary>
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
