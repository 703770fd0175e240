using System.Collections.Concurrent;
using Grpc.Core;

namespace ZeroFtp.ZeroStor;

/// <summary>The switches of one daemon. Counts say how many of the next calls are affected.</summary>
public sealed class Faults
{
    private readonly ConcurrentQueue<(string Method, Status Status)> _failures = new();

    private int _hangWrites;
    private int _hangReads;
    private int _dropAnswers;
    private int _earlyAnswers;
    private int _halfDeletes;
    private int _flippedAnswers;
    private int _cutAnswers;

    /// <summary>Unary writes that are never answered.</summary>
    public int HangWrites
    {
        get => Volatile.Read(ref _hangWrites);
        set => Volatile.Write(ref _hangWrites, value);
    }

    /// <summary>Unary reads that are never answered.</summary>
    public int HangReads
    {
        get => Volatile.Read(ref _hangReads);
        set => Volatile.Write(ref _hangReads, value);
    }

    /// <summary>Writes that are done and whose answer is lost with the connection.</summary>
    public int DropAnswers
    {
        get => Volatile.Read(ref _dropAnswers);
        set => Volatile.Write(ref _dropAnswers, value);
    }

    /// <summary>WriteStream calls that fail after the first message while the client still sends.</summary>
    public int EarlyAnswers
    {
        get => Volatile.Read(ref _earlyAnswers);
        set => Volatile.Write(ref _earlyAnswers, value);
    }

    /// <summary>Deletes that stop halfway.</summary>
    public int HalfDeletes
    {
        get => Volatile.Read(ref _halfDeletes);
        set => Volatile.Write(ref _halfDeletes, value);
    }

    /// <summary>Unary reads that answer OK with one byte changed.</summary>
    public int FlippedAnswers
    {
        get => Volatile.Read(ref _flippedAnswers);
        set => Volatile.Write(ref _flippedAnswers, value);
    }

    /// <summary>Unary reads that answer OK with the last byte missing.</summary>
    public int CutAnswers
    {
        get => Volatile.Read(ref _cutAnswers);
        set => Volatile.Write(ref _cutAnswers, value);
    }

    /// <summary>The daemon does not compare hashes, so what a shard changed is really served.</summary>
    public bool Blind { get; set; }

    /// <summary>The daemon takes calls and never answers, as one that is stopped by a signal.</summary>
    public bool Hung { get; set; }

    /// <summary>How much later each unary read is answered.</summary>
    public TimeSpan ReadDelay { get; set; }

    /// <summary>How much later each unary write is answered.</summary>
    public TimeSpan WriteDelay { get; set; }

    /// <summary>Lets the next calls of a method of DataService fail.</summary>
    public void Fail(string method, StatusCode code, string text, int times = 1)
    {
        for (int i = 0; i < times; i++)
            _failures.Enqueue((method, new Status(code, text)));
    }

    /// <summary>Ends all of them.</summary>
    public void Clear()
    {
        HangWrites = HangReads = DropAnswers = EarlyAnswers = HalfDeletes = FlippedAnswers = CutAnswers = 0;
        Blind = Hung = false;
        ReadDelay = WriteDelay = TimeSpan.Zero;
        _failures.Clear();
    }

    internal bool TakeHangWrite() => Take(ref _hangWrites);

    internal bool TakeHangRead() => Take(ref _hangReads);

    internal bool TakeDropAnswer() => Take(ref _dropAnswers);

    internal bool TakeEarlyAnswer() => Take(ref _earlyAnswers);

    internal bool TakeHalfDelete() => Take(ref _halfDeletes);

    internal bool TakeFlippedAnswer() => Take(ref _flippedAnswers);

    internal bool TakeCutAnswer() => Take(ref _cutAnswers);

    internal Task ArriveAsync(CancellationToken cancellationToken) => Hung ? Task.Delay(Timeout.Infinite, cancellationToken) : Task.CompletedTask;

    internal void ThrowIfDue(string method)
    {
        if (_failures.TryPeek(out (string Method, Status Status) next) && next.Method == method && _failures.TryDequeue(out next))
            throw new RpcException(next.Status);
    }

    private static bool Take(ref int count)
    {
        while (Volatile.Read(ref count) is var now and > 0)
        {
            if (Interlocked.CompareExchange(ref count, now - 1, now) == now)
                return true;
        }

        return false;
    }
}
