using ZeroFtp.Storage.Content;

namespace ZeroFtp.Storage.Maintenance;

/// <summary>How thoroughly a check of the store looks.</summary>
public sealed record CheckOptions
{
    /// <summary>Whether every object is read and compared with its hash; otherwise only presence and length are checked.</summary>
    public bool ReadContent { get; init; } = true;

    /// <summary>Whether what can be repaired is repaired.</summary>
    public bool Repair { get; init; }

    /// <summary>How many findings are kept in full; all are counted.</summary>
    public int MaxFindings { get; init; } = 10_000;
}

/// <summary>The outcome of a check.</summary>
public sealed record CheckReport
{
    /// <summary>The broken invariants that were found, the first <see cref="CheckOptions.MaxFindings"/> of them.</summary>
    public required IReadOnlyList<CheckFinding> Findings { get; init; }

    /// <summary>How many were found.</summary>
    public required long FindingCount { get; init; }

    /// <summary>How many of them were repaired.</summary>
    public required long RepairedCount { get; init; }

    /// <summary>How many objects were looked at.</summary>
    public required long ObjectsChecked { get; init; }

    /// <summary>How many of them could not be judged, because parts of them are where the store cannot look now.</summary>
    public long NotJudgedCount { get; init; }

    /// <summary>How many octets were read and compared with their hash.</summary>
    public required long BytesRead { get; init; }

    /// <summary>Whether nothing was wrong, as far as it could be judged.</summary>
    public bool IsClean => FindingCount == 0;
}
