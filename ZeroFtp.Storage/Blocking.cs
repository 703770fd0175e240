using System.Runtime.CompilerServices;

namespace ZeroFtp.Storage;

/// <summary>
/// Stands before work that blocks on a file. Sessions may run on the runtime's socket threads (DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS), of which each looks after many connections: work that may wait for
/// a disk goes on with the thread pool. On a thread of the pool this is nothing.
/// </summary>
internal static class Blocking
{
    public static Entry EnterAsync() => default;

    /// <summary>Something to await.</summary>
    public readonly struct Entry
    {
        public Awaiter GetAwaiter() => default;
    }

    /// <summary>What the compiler asks of it.</summary>
    public readonly struct Awaiter : ICriticalNotifyCompletion
    {
        public bool IsCompleted => Thread.CurrentThread.IsThreadPoolThread;

        public void OnCompleted(Action continuation) => ThreadPool.QueueUserWorkItem(static state => state(), continuation, preferLocal: false);

        public void UnsafeOnCompleted(Action continuation) => ThreadPool.UnsafeQueueUserWorkItem(static state => state(), continuation, preferLocal: false);

        public void GetResult()
        {
        }
    }
}
