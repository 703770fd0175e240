namespace ZeroFtp.Tests.Faults.History;

/// <summary>
/// Leaves of a wrong history what makes it wrong. Only what cannot be the reason is taken away: an operation that changed nothing constrains the others and does not help them, and one of known end that is taken for one of
/// unknown end may be anywhere; so what is left is wrong by itself.
/// </summary>
internal static class HistoryShortener
{
    public static IReadOnlyList<HistoryOperation> Shorten(IReadOnlyList<HistoryOperation> operations, NameTree start)
    {
        List<HistoryOperation> left = [.. operations.OrderBy(static x => x.Ended)];
        // The shortest beginning that is wrong: what came later is not the reason, and what had begun then may have been done or not.
        for (int count = 1; count <= left.Count; count++)
        {
            long end = left[count - 1].Ended;
            List<HistoryOperation> beginning = [.. left.Where(x => x.Began <= end).Select(x => x.Ended <= end ? x : Doubt(x))];
            if (!IsWrong(beginning, start))
                continue;
            left = beginning;
            break;
        }
        foreach (HistoryOperation operation in left.ToArray())
        {
            List<HistoryOperation> without = [.. left.Where(x => x != operation)];
            List<HistoryOperation> fewer = operation.IsReading || operation.End == HistoryEnd.Refused ? without : [.. without, Doubt(operation)];
            if (IsWrong(fewer, start))
                left = fewer;
            // Of unknown end, and of no use to any order.
            if (operation.End == HistoryEnd.Unknown && !left.Any(x => x != operation && x.Touches(operation)))
                left.Remove(operation);
        }
        return [.. left.OrderBy(static x => x.Began)];
    }

    /// <summary>The history as text, a line an operation.</summary>
    public static string Describe(IReadOnlyList<HistoryOperation> operations, NameTree start) =>
        $"No order of these operations explains what was seen, from '{start}':\n{string.Join('\n', Shorten(operations, start))}";

    private static HistoryOperation Doubt(HistoryOperation operation) => operation with { Was = operation.End == HistoryEnd.Unknown ? operation.Was : operation, End = HistoryEnd.Unknown, Ended = long.MaxValue, Value = operation.IsReading ? "" : operation.Value };

    private static bool IsWrong(IReadOnlyList<HistoryOperation> operations, NameTree start) => HistoryChecker.Check(operations, start).IsExplained == false;
}
