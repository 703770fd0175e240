using ZeroFtp.Storage.Embedded;

namespace ZeroFtp.Storage.Maintenance;

/// <summary>How thoroughly <see cref="EmbeddedStorage.CheckAsync"/> looks.</summary>
public sealed record CheckOptions
{
    /// <summary>Whether every object is read and compared with its hash; otherwise only presence and length are checked.</summary>
    public bool ReadContent { get; init; } = true;

    /// <summary>Whether what can be repaired is repaired.</summary>
    public bool Repair { get; init; }

    /// <summary>How many findings are kept in full; all are counted.</summary>
    public int MaxFindings { get; init; } = 10_000;
}

/// <summary>One broken invariant.</summary>
/// <param name="Kind">Which one.</param>
/// <param name="Subject">The path, object or row that it concerns.</param>
/// <param name="Detail">What is wrong with it, in a sentence.</param>
/// <param name="IsRepaired">Whether it has been repaired.</param>
public sealed record CheckFinding(CheckFindingKind Kind, string Subject, string Detail, bool IsRepaired)
{
    /// <summary>How many paths a finding has at most.</summary>
    public const int MaxPaths = 100;

    /// <summary>Of an object: the files that it is a part of, as paths in the whole tree; the first <see cref="MaxPaths"/> of them if it is shared by more.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];
}

/// <summary>The invariants of a store.</summary>
public enum CheckFindingKind
{
    /// <summary>A row of the metadata contradicts another.</summary>
    Metadata,

    /// <summary>An object that a file refers to is not there.</summary>
    MissingObject,

    /// <summary>An object's length or content is not what was written.</summary>
    DamagedObject,

    /// <summary>An object can be read but has lost a part of its redundancy.</summary>
    DegradedObject,

    /// <summary>An object is there that nothing refers to.</summary>
    UnreferencedObject,
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
