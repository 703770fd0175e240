using System.Collections.Concurrent;
using Microsoft.Win32.SafeHandles;

namespace ZeroFtp.Storage.Objects.Local;

/// <summary>
/// Runs syncs on dedicated threads: each blocks for milliseconds, and a few at a time would starve the thread pool that serves the sessions. Syncs of a
/// directory that are requested while one is running share a single sync that starts afterwards (group commit).
/// </summary>
internal sealed class SyncPool(int maxThreads, Action<string>? syncDirectory = null) : IDisposable
{
    private readonly Action<string> _syncDirectory = syncDirectory ?? NativeDirectory.Sync;
    private readonly BlockingCollection<Action> _jobs = [];
    private readonly Dictionary<string, DirectoryGroup> _groups = new(StringComparer.Ordinal);
    private int _threads;
    private int _outstanding;

    /// <summary>Syncs the content and the length of a file.</summary>
    public Task SyncFileAsync(SafeFileHandle file)
    {
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Enqueue(() => Run(() => RandomAccess.FlushToDisk(file), done));
        return done.Task;
    }

    /// <summary>Syncs the entries of a directory. All entries made before the call are on disk when the task completes.</summary>
    public Task SyncDirectoryAsync(string path)
    {
        lock (_groups)
        {
            if (!_groups.TryGetValue(path, out DirectoryGroup? group))
                _groups.Add(path, group = new DirectoryGroup());
            if (group.Next is not null)
                return group.Next.Task;
            group.Next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (!group.IsRunning)
            {
                group.IsRunning = true;
                Enqueue(() => RunGroup(path, group));
            }
            return group.Next.Task;
        }
    }

    public void Dispose() => _jobs.CompleteAdding();

    private void RunGroup(string path, DirectoryGroup group)
    {
        while (true)
        {
            TaskCompletionSource? done;
            lock (_groups)
            {
                done = group.Next;
                group.Next = null;
                if (done is null)
                {
                    group.IsRunning = false;
                    _groups.Remove(path);
                    return;
                }
            }
            Run(() => _syncDirectory(path), done);
        }
    }

    private static void Run(Action sync, TaskCompletionSource done)
    {
        try
        {
            sync();
            done.SetResult();
        }
#pragma warning disable CA1031 // Every failure goes to the waiter.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            done.SetException(exception);
        }
    }

    private void Enqueue(Action job)
    {
        // Count the job from here until it ends. Otherwise a thread that has just taken another job would look idle, and this job would wait for that one.
        int wanted = Math.Min(Interlocked.Increment(ref _outstanding), maxThreads);
        _jobs.Add(job);
        for (int threads = Volatile.Read(ref _threads); threads < wanted; threads = Volatile.Read(ref _threads))
        {
            if (Interlocked.CompareExchange(ref _threads, threads + 1, threads) != threads)
                continue;
            new Thread(Work) { IsBackground = true, Name = "zeroftp sync" }.Start();
            return;
        }
    }

    private void Work()
    {
        while (_jobs.TryTake(out Action? job, Timeout.Infinite))
        {
            job();
            Interlocked.Decrement(ref _outstanding);
        }
    }

    private sealed class DirectoryGroup
    {
        public TaskCompletionSource? Next { get; set; }

        public bool IsRunning { get; set; }
    }
}
