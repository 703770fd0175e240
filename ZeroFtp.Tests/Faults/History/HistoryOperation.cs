namespace ZeroFtp.Tests.Faults.History;

/// <summary>What a client can do to the names of a history.</summary>
internal enum HistoryVerb
{
    Store,
    Append,
    Rename,
    Delete,
    Make,
    Remove,
    Read,
    List,
}

/// <summary>How an operation ended for its client.</summary>
internal enum HistoryEnd
{
    /// <summary>No answer, or one that leaves open whether it was done: it may take effect at any time after it began, or never.</summary>
    Unknown,

    /// <summary>It was acknowledged.</summary>
    Done,

    /// <summary>It was refused for good.</summary>
    Refused,
}

/// <summary>One operation of one client as it was seen from outside.</summary>
internal sealed record HistoryOperation
{
    /// <summary>Whose it is.</summary>
    public required int Client { get; init; }

    /// <summary>What it does.</summary>
    public required HistoryVerb Verb { get; init; }

    /// <summary>To what name; empty for the list of all.</summary>
    public required string Path { get; init; }

    /// <summary>The new name of a rename, the mark that is written, or what a reader saw.</summary>
    public string Value { get; init; } = "";

    /// <summary>When it was sent.</summary>
    public long Began { get; init; }

    /// <summary>When its answer came; never, if its end is unknown.</summary>
    public long Ended { get; init; } = long.MaxValue;

    /// <summary>How it ended.</summary>
    public HistoryEnd End { get; init; }

    /// <summary>What was seen, where a shortened history holds the operation to less.</summary>
    public HistoryOperation? Was { get; init; }

    /// <summary>Whether it changes nothing.</summary>
    public bool IsReading => Verb is HistoryVerb.Read or HistoryVerb.List;

    /// <summary>The tree after it, if it was done on this one with what it has told; otherwise null.</summary>
    public NameTree? Apply(NameTree tree) => Verb switch
    {
        HistoryVerb.Store => tree.Store(Path, Value),
        HistoryVerb.Append => tree.Append(Path, Value),
        HistoryVerb.Rename => tree.Move(Path, Value),
        HistoryVerb.Delete => tree.RemoveFile(Path),
        HistoryVerb.Make => tree.Make(Path),
        HistoryVerb.Remove => tree.RemoveDirectory(Path),
        HistoryVerb.Read => tree.Read(Path) == Value ? tree : null,
        _ => tree.List() == Value ? tree : null,
    };

    /// <summary>Whether a store that does one thing at a time refuses it.</summary>
    public bool IsRefused(NameTree tree) => Verb switch
    {
        HistoryVerb.Read => tree.Read(Path) is null,
        HistoryVerb.List => false,
        _ => Apply(tree) is null,
    };

    /// <summary>Whether the two can be about one name: it is the same, or one is above the other.</summary>
    public bool Touches(HistoryOperation other) => Names().Any(a => other.Names().Any(b => a == b || a.StartsWith(b + "/", StringComparison.Ordinal) || b.StartsWith(a + "/", StringComparison.Ordinal)));

    public override string ToString()
    {
        if (Was is not null)
            return $"{Was} (wrong wherever it is, and without it)";
        string what = Verb is HistoryVerb.Rename or HistoryVerb.Store or HistoryVerb.Append ? $"{Path} {Value}" : IsReading && End == HistoryEnd.Done ? $"{Path} is '{Value}'" : Path;
        return $"{Began,9}..{(End == HistoryEnd.Unknown ? "" : Ended),-9} client {Client}: {Verb} {what}: {End}";
    }

    private string[] Names() => Verb == HistoryVerb.Rename ? [Path, Value] : [Path];
}
