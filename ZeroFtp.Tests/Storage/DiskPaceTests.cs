using System.Buffers;
using ZeroFtp.Storage.Metadata.Sqlite;
using ZeroFtp.Storage.Objects;
using ZeroFtp.Storage.Objects.Local;
using ZeroFtp.Tests.Storage.Support;

namespace ZeroFtp.Tests.Storage;

/// <summary>A session may run on a thread of the sockets; work on files only while it is quick. Any thread outside the pool stands for one of the sockets' here.</summary>
public sealed class DiskPaceTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task While_files_answer_at_once_a_session_keeps_its_thread()
    {
        Assert.Equal(0, await WorksOnThePoolAsync(new DiskPace(TimeSpan.MaxValue)));
        Assert.False(await ReadsOnThePoolAsync(new DiskPace(TimeSpan.MaxValue)));
    }

    [Fact]
    public async Task After_something_slow_files_are_worked_on_by_the_pool()
    {
        // Nothing is as quick as that.
        await SeenAsync(async () => await WorksOnThePoolAsync(Slow(TimeSpan.FromTicks(-1))) == 2);
        await SeenAsync(() => ReadsOnThePoolAsync(Slow(TimeSpan.FromTicks(-1))));
    }

    [Fact]
    public async Task When_files_have_answered_at_once_for_long_enough_the_thread_is_kept_again()
    {
        DiskPace pace = Slow(TimeSpan.FromSeconds(1));
        for (int i = 0; i < 255; i++)
            pace.Took(TimeSpan.Zero);
        await SeenAsync(() => OutsideThePoolAsync(async () => await pace.EnterAsync()));
        pace.Took(TimeSpan.Zero);
        Assert.False(await OutsideThePoolAsync(async () => await pace.EnterAsync()));
    }

    /// <summary>What the pool does may be done before its caller looks, who then goes on where he is; so it need not be seen each time.</summary>
    private static async Task SeenAsync(Func<Task<bool>> isOnThePool)
    {
        for (int i = 0; i < 100; i++)
        {
            if (await isOnThePool())
                return;
        }
        Assert.Fail("In a hundred attempts nothing went on with the pool.");
    }

    private static DiskPace Slow(TimeSpan slow)
    {
        DiskPace pace = new(slow);
        pace.Took(TimeSpan.MaxValue);
        return pace;
    }

    /// <returns>After how many of two pieces of work the pool went on.</returns>
    private async Task<int> WorksOnThePoolAsync(DiskPace pace)
    {
        // Without syncs, which have threads of their own.
        await using LocalObjectStore store = new(_directory.Path, Durability.Relaxed, 1 << 20, new FreeSpaceGuard(_directory.Path, 0, TimeProvider.System)) { Pace = pace };
        // The first one makes the directory, on the pool in any case.
        await (await store.CreateAsync(store.ReferenceFor(2), null, Cancelled)).DisposeAsync();
        StoredObject stored = default;
        bool creates = await OutsideThePoolAsync(async () =>
        {
            await using IObjectWriter writer = await store.CreateAsync(store.ReferenceFor(1), null, Cancelled);
            await writer.WriteAsync(new ReadOnlySequence<byte>([1, 2, 3]), Cancelled);
            stored = await writer.CompleteAsync(Cancelled);
        });
        bool opens = await OutsideThePoolAsync(async () => await (await store.OpenAsync(stored, 0, 3, Cancelled)).DisposeAsync());
        await store.DeleteAsync(stored.Reference, Cancelled);
        return (creates ? 1 : 0) + (opens ? 1 : 0);
    }

    private async Task<bool> ReadsOnThePoolAsync(DiskPace pace)
    {
        string path = Path.Combine(_directory.Path, Path.GetRandomFileName());
        // What reads makes no file.
        File.Create(path).Dispose();
        using SqliteReaders readers = new(new SqliteMetadataOptions { Path = path }) { Pace = pace };
        return await OutsideThePoolAsync(async () => await readers.RunAsync(static _ => 0, Cancelled));
    }

    /// <summary>Runs something on a thread of its own.</summary>
    /// <returns>Whether what came after it ran on the pool.</returns>
    private static Task<bool> OutsideThePoolAsync(Func<ValueTask> work)
    {
        TaskCompletionSource<bool> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => _ = RunAsync()).Start();
        return done.Task.WaitAsync(TimeSpan.FromSeconds(60), Cancelled);

        async Task RunAsync()
        {
            try
            {
                await work();
                done.SetResult(Thread.CurrentThread.IsThreadPoolThread);
            }
            catch (Exception exception)
            {
                done.SetException(exception);
            }
        }
    }
}
