using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace ZeroFtp.Storage.Objects.Local;

/// <summary>
/// Decides where work on files is done. Sessions may run on the runtime's socket threads (DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS), of which each looks after many connections. While a disk answers at
/// once, as one behind a page cache does, work on it stays there; after something slow the next few hundred pieces of work go on with the thread pool first, until the disk has answered at once for that long.
/// </summary>
/// <param name="slow">What is no longer at once.</param>
internal sealed class DiskPace(TimeSpan slow)
{
    private const int Caution = 256;
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(2);
    private int _cautious;

    public DiskPace()
        : this(Slow)
    {
    }

    /// <summary>To be awaited before the work.</summary>
    public Entry EnterAsync() => new(this);

    /// <summary>To be disposed of after the work, which must not wait for anything but files in between.</summary>
    public Watch Begin() => new(this, Stopwatch.GetTimestamp());

    /// <summary>Takes note of how long a piece of work took.</summary>
    public void Took(TimeSpan time)
    {
        if (time > slow)
            Volatile.Write(ref _cautious, Caution);
        else if (Volatile.Read(ref _cautious) is > 0 and var left)
            Interlocked.CompareExchange(ref _cautious, left - 1, left);
    }

    /// <summary>Something to await.</summary>
    public readonly struct Entry(DiskPace pace)
    {
        public Awaiter GetAwaiter() => new(pace);
    }

    /// <summary>What the compiler asks of it.</summary>
    public readonly struct Awaiter(DiskPace pace) : ICriticalNotifyCompletion
    {
        public bool IsCompleted => Volatile.Read(ref pace._cautious) == 0 || Thread.CurrentThread.IsThreadPoolThread;

        public void OnCompleted(Action continuation) => ThreadPool.QueueUserWorkItem(static state => state(), continuation, preferLocal: false);

        public void UnsafeOnCompleted(Action continuation) => ThreadPool.UnsafeQueueUserWorkItem(static state => state(), continuation, preferLocal: false);

        public void GetResult()
        {
        }
    }

    /// <summary>Measures a piece of work.</summary>
    public readonly struct Watch(DiskPace pace, long began) : IDisposable
    {
        public void Dispose() => pace.Took(Stopwatch.GetElapsedTime(began));
    }
}
