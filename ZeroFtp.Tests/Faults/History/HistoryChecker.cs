namespace ZeroFtp.Tests.Faults.History;

/// <summary>
/// Looks for a linearization of a history (Wing and Gong's search; what was tried in vain from a set of done operations and a tree is remembered): an order of all operations whose end is known, and of any of the others, in
/// which each is what it was seen to be, and none comes before one that had ended when it began.
/// </summary>
/// <example>
/// Client 1 renames a to b and is told 250; client 2 does the same at the same time and is told 250 too. Whichever comes first leaves no a for the other: there is no such order, and the history is wrong.
/// </example>
internal sealed class HistoryChecker
{
    /// <summary>The most operations that a history may have.</summary>
    public const int Most = 64;

    private const int MostStates = 2_000_000;

    private readonly HistoryOperation[] _operations;
    private readonly HashSet<(ulong Taken, string Tree)> _vain = [];
    private readonly Stack<HistoryOperation> _order = [];
    private readonly ulong _known;

    private HistoryChecker(IReadOnlyList<HistoryOperation> operations)
    {
        if (operations.Count > Most)
            throw new ArgumentException("The history is too long.", nameof(operations));
        _operations = [.. operations.OrderBy(static x => x.Began)];
        for (int i = 0; i < _operations.Length; i++)
            _known |= _operations[i].End == HistoryEnd.Unknown ? 0 : 1UL << i;
    }

    /// <summary>Looks for an order from the tree that was there before.</summary>
    public static HistoryVerdict Check(IReadOnlyList<HistoryOperation> operations, NameTree start)
    {
        HistoryChecker checker = new(operations);
        bool? found = checker.From(0, start);
        return new HistoryVerdict(found, found == true ? [.. checker._order.Reverse()] : []);
    }

    private bool? From(ulong taken, NameTree tree)
    {
        if ((taken & _known) == _known)
            return true;
        if (!_vain.Add((taken, tree.ToString())))
            return false;
        if (_vain.Count > MostStates)
            return null;
        long first = long.MaxValue;
        for (int i = 0; i < _operations.Length; i++)
        {
            if ((taken & 1UL << i) == 0)
                first = Math.Min(first, _operations[i].Ended);
        }
        for (int i = 0; i < _operations.Length && _operations[i].Began <= first; i++)
        {
            if ((taken & 1UL << i) != 0)
                continue;
            foreach (NameTree after in Next(_operations[i], tree))
            {
                _order.Push(_operations[i]);
                if (From(taken | 1UL << i, after) is not false and var found)
                    return found;
                _order.Pop();
            }
        }
        return false;
    }

    // A change that is refused while another of the same name was under way was not done, which is what it was told.
    private IEnumerable<NameTree> Next(HistoryOperation operation, NameTree tree)
    {
        if (operation.End != HistoryEnd.Refused)
            return Variants(operation).Select(x => x.Apply(tree)).OfType<NameTree>().Distinct();
        bool isTrue = operation.IsRefused(tree) || (!operation.IsReading && _operations.Any(x => !x.IsReading && Overlap(x, operation) && x.Touches(operation)));
        return isTrue ? [tree] : [];
    }

    // A command finds the directories of its paths first and then acts in them, as POSIX does with open directories: if another client renames one meanwhile, the command acts where the directory is by then.
    private IEnumerable<HistoryOperation> Variants(HistoryOperation operation)
    {
        foreach (string path in Moved(operation, operation.Path))
        {
            if (operation.Verb != HistoryVerb.Rename)
            {
                yield return operation with { Path = path };
                continue;
            }
            foreach (string target in Moved(operation, operation.Value))
                yield return operation with { Path = path, Value = target };
        }
    }

    /// <summary>The path, and where it leads if its directory is renamed while the operation runs.</summary>
    private IEnumerable<string> Moved(HistoryOperation operation, string path)
    {
        int at = path.IndexOf('/', StringComparison.Ordinal);
        if (at < 0)
            return [path];
        HashSet<string> directories = [path[..at]];
        // Several renames may follow each other while one operation runs.
        for (int known = 0; known < directories.Count;)
        {
            known = directories.Count;
            directories.UnionWith([.. _operations.Where(x => x.Verb == HistoryVerb.Rename && directories.Contains(x.Path) && Overlap(x, operation)).Select(static x => x.Value)]);
        }
        return directories.Select(directory => directory + path[at..]);
    }

    private static bool Overlap(HistoryOperation one, HistoryOperation other) => one != other && one.Began < other.Ended && other.Began < one.Ended;
}

/// <summary>What a search said.</summary>
/// <param name="IsExplained">Whether there is an order; null if the search was given up.</param>
/// <param name="Order">The order, if there is one: it also says of each operation of unknown end whether it was done.</param>
internal sealed record HistoryVerdict(bool? IsExplained, IReadOnlyList<HistoryOperation> Order);
