namespace ZeroFtp.Tests.Faults.Model;

/// <summary>Whether what operations answered and what the names are in the end can come of them one at a time, in an order that keeps those apart that did not overlap.</summary>
internal static class ModelOracle
{
    /// <summary>Looks for such an order.</summary>
    /// <param name="operations">The operations.</param>
    /// <param name="ends">How each ended.</param>
    /// <param name="before">For each a set of those that had ended when it began, one bit each.</param>
    /// <param name="start">The names before.</param>
    /// <param name="isEnd">Whether names are those after.</param>
    public static bool Explains(IReadOnlyList<ModelOperation> operations, IReadOnlyList<ModelEnd> ends, IReadOnlyList<int> before, NameTree start, Func<NameTree, bool> isEnd)
    {
        return From(0, start);

        bool From(int taken, NameTree names)
        {
            if (taken == (1 << operations.Count) - 1)
                return isEnd(names);
            for (int i = 0; i < operations.Count; i++)
            {
                if ((taken & 1 << i) != 0 || (before[i] & ~taken) != 0)
                    continue;
                NameTree? after = operations[i].Apply(names);
                bool stays = ends[i] switch
                {
                    ModelEnd.Done => false,
                    ModelEnd.Refused => after is null || Overlaps(i),
                    _ => true,
                };
                if (stays && From(taken | 1 << i, names))
                    return true;
                if (ends[i] != ModelEnd.Refused && after is { } changed && From(taken | 1 << i, changed))
                    return true;
            }
            return false;
        }

        // Whoever is refused because another was at the same name at the same time has not been told a falsehood: it was not done.
        bool Overlaps(int i) => Enumerable.Range(0, operations.Count).Any(o => o != i && (before[i] & 1 << o) == 0 && (before[o] & 1 << i) == 0 && operations[o].Names.Intersect(operations[i].Names).Any());
    }
}

/// <summary>How an operation ended for its caller.</summary>
internal enum ModelEnd
{
    /// <summary>Nobody was told: it has not begun or not ended, its process died, or its answer was that nobody knows.</summary>
    Unknown,

    /// <summary>It was acknowledged.</summary>
    Done,

    /// <summary>It was refused for good.</summary>
    Refused,
}
