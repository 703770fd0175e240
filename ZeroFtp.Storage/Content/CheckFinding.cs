namespace ZeroFtp.Storage.Content;

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
