using System.Collections.Concurrent;

namespace ZeroFtp.ZeroStor;

/// <summary>What one daemon has seen since it was first started; a restart does not forget.</summary>
public sealed class Counters
{
    private readonly ConcurrentDictionary<string, int> _calls = new();
    private readonly ConcurrentDictionary<string, int> _running = new();
    private readonly ConcurrentDictionary<string, int> _peaks = new();

    private int _leakedStreams;
    private int _truncatedCommits;
    private int _hungStreams;
    private long _longestWrite;
    private long _streamed;

    /// <summary>ReadStream calls that were cancelled; each leaks about 26 MiB of the real daemon.</summary>
    public int LeakedStreams => _leakedStreams;

    /// <summary>Files that were committed though their WriteStream had broken off.</summary>
    public int TruncatedCommits => _truncatedCommits;

    /// <summary>WriteStream calls that will never be answered.</summary>
    public int HungStreams => _hungStreams;

    /// <summary>Bytes that came by WriteStream.</summary>
    public long Streamed => Volatile.Read(ref _streamed);

    /// <summary>The most bytes that one unary write brought.</summary>
    public long LongestWrite => _longestWrite;

    /// <summary>Calls of a method, as in DataService.Write.</summary>
    public int Calls(string method) => _calls.GetValueOrDefault(method);

    /// <summary>The most calls of a method that ran at the same time.</summary>
    public int Peak(string method) => _peaks.GetValueOrDefault(method);

    /// <summary>Calls of all methods.</summary>
    public IReadOnlyDictionary<string, int> AllCalls => _calls;

    internal Running Count(string method)
    {
        _calls.AddOrUpdate(method, 1, static (_, n) => n + 1);
        int running = _running.AddOrUpdate(method, 1, static (_, n) => n + 1);
        _peaks.AddOrUpdate(method, running, (_, n) => Math.Max(n, running));
        return new Running(this, method);
    }

    internal void Leaked() => Interlocked.Increment(ref _leakedStreams);

    internal void Truncated() => Interlocked.Increment(ref _truncatedCommits);

    internal void Received(long bytes) => Interlocked.Add(ref _streamed, bytes);

    internal void Hung() => Interlocked.Increment(ref _hungStreams);

    internal void Wrote(long bytes)
    {
        while (Volatile.Read(ref _longestWrite) is var longest && bytes > longest && Interlocked.CompareExchange(ref _longestWrite, bytes, longest) != longest)
        {
        }
    }

    internal readonly struct Running(Counters counters, string method) : IDisposable
    {
        public void Dispose() => counters._running.AddOrUpdate(method, 0, static (_, n) => n - 1);
    }
}
