using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace ZeroFtp.Storage.Objects.Local;

/// <summary>
/// Decides on which thread file I/O runs. Sessions may run on the runtime's socket threads (DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS), each of which serves
/// many connections. While the disk is fast, as behind a page cache, file I/O stays on these threads. After a slow operation, the next few hundred operations
/// move to the thread pool, until the disk has been fast for that long.
/// </summary>
/// <param name="slow">The duration from which an operation counts as slow.</param>
internal sealed class DiskPace(TimeSpan slow)
{
    private const int Caution = 256;
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(2);
    private int _cautious;

    public DiskPace()
        : this(Slow)
    {
    }

    /// <summary>Await this before the operation.</summary>
    public Entry EnterAsync() => new(this);

    /// <summary>Dispose the result after the operation, which must not wait for anything but files in between.</summary>
    public Watch Begin() => new(this, Stopwatch.GetTimestamp());

    /// <summary>Records the duration of an operation.</summary>
    public void Took(TimeSpan time)
    {
        if (time > slow)
            Volatile.Write(ref _cautious, Caution);
        else if (Volatile.Read(ref _cautious) is > 0 and var left)
            Interlocked.CompareExchange(ref _cautious, left - 1, left);
    }

    /// <summary>The awaitable.</summary>
    public readonly struct Entry(DiskPace pace)
    {
        public Awaiter GetAwaiter() => new(pace);
    }

    /// <summary>The awaiter pattern that the compiler requires.</summary>
    public readonly struct Awaiter(DiskPace pace) : ICriticalNotifyCompletion
    {
        public bool IsCompleted => Volatile.Read(ref pace._cautious) == 0 || Thread.CurrentThread.IsThreadPoolThread;

        public void OnCompleted(Action continuation) => ThreadPool.QueueUserWorkItem(static state => state(), continuation, preferLocal: false);

        public void UnsafeOnCompleted(Action continuation) => ThreadPool.UnsafeQueueUserWorkItem(static state => state(), continuation, preferLocal: false);

        public void GetResult()
        {
        }
    }

    /// <summary>Measures an operation.</summary>
    public readonly struct Watch(DiskPace pace, long began) : IDisposable
    {
        public void Dispose() => pace.Took(Stopwatch.GetElapsedTime(began));
    }
}
