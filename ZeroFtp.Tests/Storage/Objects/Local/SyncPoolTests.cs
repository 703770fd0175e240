using ZeroFtp.Storage.Objects.Local;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Storage.Objects.Local;

public sealed class SyncPoolTests
{
    [Fact]
    public async Task Those_who_wait_for_a_running_sync_share_the_next_one()
    {
        using SemaphoreSlim started = new(0);
        using SemaphoreSlim release = new(0);
        int count = 0;
        using SyncPool pool = new(4, _ =>
        {
            Interlocked.Increment(ref count);
            started.Release();
            release.Wait(Bounded.Limit);
        });
        Task first = pool.SyncDirectoryAsync("/a");
        Assert.True(await started.WaitAsync(Bounded.Limit, TestContext.Current.CancellationToken));
        Task[] waiting = [.. Enumerable.Range(0, 10).Select(_ => pool.SyncDirectoryAsync("/a"))];
        Assert.Equal(1, Volatile.Read(ref count));
        release.Release();
        await first.WithinAsync("the first sync");
        Assert.All(waiting, task => Assert.False(task.IsCompleted));
        release.Release();
        await Task.WhenAll(waiting).WithinAsync("the syncs that waited");
        Assert.Equal(2, count);
    }

    [Fact]
    public async Task Different_directories_do_not_wait_for_each_other()
    {
        using SemaphoreSlim release = new(0);
        using SyncPool pool = new(4, path =>
        {
            if (path == "/slow")
                release.Wait(Bounded.Limit);
        });
        Task slow = pool.SyncDirectoryAsync("/slow");
        await pool.SyncDirectoryAsync("/quick").WithinAsync("the quick sync");
        Assert.False(slow.IsCompleted);
        release.Release();
        await slow.WithinAsync("the slow sync");
    }

    /// <summary>A thread that has just taken a job is not free for the next one.</summary>
    [Fact]
    public async Task A_job_never_waits_for_another_while_there_may_be_more_threads()
    {
        for (int round = 0; round < 500; round++)
        {
            using SemaphoreSlim release = new(0);
            using SyncPool pool = new(2, path =>
            {
                if (path == "/slow")
                    release.Wait(Bounded.Limit);
            });
            await pool.SyncDirectoryAsync("/first").WithinAsync("the first sync");
            Task slow = pool.SyncDirectoryAsync("/slow");
            if (round % 2 == 0)
                Thread.SpinWait(round);
            await pool.SyncDirectoryAsync("/quick").WithinAsync("the quick sync", TimeSpan.FromSeconds(30));
            release.Release();
            await slow.WithinAsync("the slow sync");
        }
    }

    [Fact]
    public async Task A_failure_reaches_those_who_waited_for_it_and_nobody_later()
    {
        bool fails = true;
        using SyncPool pool = new(1, _ =>
        {
            if (fails)
                throw new IOException("No.");
        });
        await Assert.ThrowsAsync<IOException>(() => pool.SyncDirectoryAsync("/a"));
        fails = false;
        await pool.SyncDirectoryAsync("/a");
    }

    [Fact]
    public async Task A_directory_is_really_synced()
    {
        using SyncPool pool = new(1);
        await pool.SyncDirectoryAsync(AppContext.BaseDirectory);
        await Assert.ThrowsAnyAsync<IOException>(() => pool.SyncDirectoryAsync(Path.Combine(AppContext.BaseDirectory, "no such directory")));
    }

    [Fact]
    public async Task More_jobs_than_threads_all_get_done()
    {
        using SyncPool pool = new(2, _ => Thread.Yield());
        await Task.WhenAll(Enumerable.Range(0, 500).Select(i => pool.SyncDirectoryAsync("/" + (i % 50)))).WithinAsync("all syncs");
    }
}
