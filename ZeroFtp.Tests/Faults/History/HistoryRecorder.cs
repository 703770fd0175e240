using System.Diagnostics;

namespace ZeroFtp.Tests.Faults.History;

/// <summary>Writes down what clients do and see. Many may write at the same time.</summary>
internal sealed class HistoryRecorder
{
    private static readonly long Zero = Stopwatch.GetTimestamp();

    private readonly List<HistoryOperation> _operations = [];

    public IReadOnlyList<HistoryOperation> Operations
    {
        get
        {
            lock (_operations)
                return [.. _operations];
        }
    }

    /// <summary>Does it and writes down how it ended; a read of unknown end tells nothing and is left out.</summary>
    public async Task<HistoryEnd> RunAsync(HistoryOperation operation, Func<HistoryOperation, Task<(HistoryEnd End, string? Seen)>> run)
    {
        long began = Now;
        (HistoryEnd end, string? seen) = await run(operation);
        long ended = end == HistoryEnd.Unknown ? long.MaxValue : Now;
        if (end == HistoryEnd.Unknown && operation.IsReading)
            return end;
        lock (_operations)
            _operations.Add(operation with { Began = began, Ended = ended, End = end, Value = seen ?? operation.Value });
        return end;
    }

    // Microseconds of the one clock that all clients share.
    private static long Now => (long)Stopwatch.GetElapsedTime(Zero).TotalMicroseconds;
}
