using ZeroFtp.Storage.Content;

namespace ZeroFtp.Storage.Maintenance;

/// <summary>How thorough a check of the store is.</summary>
public sealed record CheckOptions
{
    /// <summary>True to read every object and compare it with its hash; otherwise only existence and length are checked.</summary>
    public bool ReadContent { get; init; } = true;

    /// <summary>True to repair what can be repaired.</summary>
    public bool Repair { get; init; }

    /// <summary>Maximum number of findings kept in full. All are counted.</summary>
    public int MaxFindings { get; init; } = 10_000;
}

/// <summary>The result of a check.</summary>
public sealed record CheckReport
{
    /// <summary>The violations found; the first <see cref="CheckOptions.MaxFindings"/> of them.</summary>
    public required IReadOnlyList<CheckFinding> Findings { get; init; }

    /// <summary>The number of violations found.</summary>
    public required long FindingCount { get; init; }

    /// <summary>The number of violations repaired.</summary>
    public required long RepairedCount { get; init; }

    /// <summary>The number of objects examined.</summary>
    public required long ObjectsChecked { get; init; }

    /// <summary>The number of objects that could not be judged because parts of them are out of reach.</summary>
    public long NotJudgedCount { get; init; }

    /// <summary>The number of bytes read and compared with their hash.</summary>
    public required long BytesRead { get; init; }

    /// <summary>True if nothing was wrong, as far as it could be judged.</summary>
    public bool IsClean => FindingCount == 0;
}
