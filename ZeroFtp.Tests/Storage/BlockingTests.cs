using System.Buffers;
using ZeroFtp.Storage;
using ZeroFtp.Storage.Metadata;
using ZeroFtp.Storage.Objects;
using ZeroFtp.Storage.Objects.Local;
using ZeroFtp.Tests.Storage.Support;

namespace ZeroFtp.Tests.Storage;

/// <summary>A session may run on a thread of the sockets; work on files may not. Any thread outside the pool stands for one of the sockets' here.</summary>
public sealed class BlockingTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public Task On_a_thread_of_the_pool_nothing_is_waited_for() => Task.Run(() => Assert.True(Blocking.EnterAsync().GetAwaiter().IsCompleted), Cancelled);

    [Fact]
    public async Task Objects_are_created_and_opened_on_the_pool()
    {
        // Without syncs, which have threads of their own.
        await using LocalObjectStore store = new(_directory.Path, Durability.Relaxed, 1 << 20, new FreeSpaceGuard(_directory.Path, 0, TimeProvider.System));
        string reference = store.ReferenceFor(1);
        StoredObject stored = default;
        // The first one makes the directory, on the pool in any case.
        await (await store.CreateAsync(store.ReferenceFor(2), null, Cancelled)).DisposeAsync();
        Assert.True(await OutsideThePoolAsync(async () =>
        {
            await using IObjectWriter writer = await store.CreateAsync(reference, null, Cancelled);
            await writer.WriteAsync(new ReadOnlySequence<byte>([1, 2, 3]), Cancelled);
            stored = await writer.CompleteAsync(Cancelled);
        }));
        Assert.True(await OutsideThePoolAsync(async () => await (await store.OpenAsync(stored, 0, 3, Cancelled)).DisposeAsync()));
    }

    [Fact]
    public async Task The_database_is_read_on_the_pool()
    {
        await using StorageHarness store = await StorageHarness.OpenAsync();
        Assert.True(await OutsideThePoolAsync(async () => await store.Metadata.ResolveAsync(IMetadataTree.Root, new[] { "nowhere" }, Cancelled)));
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
