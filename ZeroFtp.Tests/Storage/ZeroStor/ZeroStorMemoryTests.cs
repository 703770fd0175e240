using System.Buffers;
using System.IO.Pipelines;
using ZeroFtp.Storage.Objects;
using ZeroFtp.Storage.Objects.ZeroStor;
using ZeroFtp.Storage.Objects.ZeroStor.Memory;
using ZeroFtp.Tests.Storage.Support;
using ZeroFtp.ZeroStor;
using static ZeroFtp.Tests.Storage.ZeroStor.DaemonHabitTests;
using Octets = ZeroFtp.Tests.Storage.Support.Octets;

namespace ZeroFtp.Tests.Storage.ZeroStor;

/// <summary>Memory is bounded for all transfers together, whatever the speeds of the two ends, and none of them starves.</summary>
public sealed class ZeroStorMemoryTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Uploads_that_all_trickle_share_the_memory_and_all_end()
    {
        await using StandIn standIn = await StandIn.StartAsync();
        await using ZeroStorObjectStore store = new(Stores.Quick(standIn.Address) with { ExtentBytes = 2 << 20, WriteMemoryBytes = 4 << 20, WriteReserveBytes = 512 << 10 });
        byte[][] contents = [.. Enumerable.Range(0, 8).Select(seed => Octets.Make(2 << 20, seed))];
        IObjectWriter[] writers = new IObjectWriter[contents.Length];
        for (int i = 0; i < writers.Length; i++)
            writers[i] = await store.CreateAsync(null, contents[i].Length, Token);
        Assert.Equal(4 << 20, store.WriteMemory.InUse);
        // Turn by turn, so that all of them are half full when the memory is used up.
        for (int at = 0; at < 2 << 20; at += 100_000)
        {
            for (int i = 0; i < writers.Length; i++)
                await writers[i].WriteAsync(new ReadOnlySequence<byte>(contents[i].AsMemory(at, Math.Min(100_000, contents[i].Length - at))), Token);
            Assert.InRange(store.Pool.InUse, 1, 16);
        }

        for (int i = 0; i < writers.Length; i++)
        {
            StoredObject stored = await writers[i].CompleteAsync(Token);
            Assert.Equal(contents[i], (await Stores.ReadAsync(store, stored)).Octets);
        }

        Assert.Equal((0, 0), (store.WriteMemory.InUse, store.Pool.InUse));
        Assert.InRange(standIn.Counters.LongestWrite, 1, 512 << 10);
    }

    [Fact]
    public async Task With_memory_to_spare_an_extent_is_one_write()
    {
        await using StandIn standIn = await StandIn.StartAsync();
        await using ZeroStorObjectStore store = new(Stores.Quick(standIn.Address));
        await Stores.WriteAsync(store, Octets.Make(4 << 20));
        Assert.Equal((1, 4L << 20), (standIn.Counters.Calls("DataService.Write"), standIn.Counters.LongestWrite));
    }

    [Fact]
    public async Task Pieces_of_an_upload_that_is_given_up_are_deleted()
    {
        await using StandIn standIn = await StandIn.StartAsync();
        await using ZeroStorObjectStore store = new(Stores.Quick(standIn.Address) with { ExtentBytes = 1 << 20, WriteMemoryBytes = 2 << 20, WriteReserveBytes = 256 << 10 });
        await store.WriteMemory.TakeAsync((2 << 20) - (256 << 10), Token);
        await using (IObjectWriter writer = await store.CreateAsync(null, null, Token))
        {
            await writer.WriteAsync(new ReadOnlySequence<byte>(Octets.Make(700_000)), Token);
            Assert.Equal(8, standIn.Shards.Parts);
        }

        await WaitAsync(() => standIn.Shards.Parts == 0);
    }

    [Fact]
    public async Task A_writer_waits_until_there_is_memory_for_it()
    {
        await using StandIn standIn = await StandIn.StartAsync();
        await using ZeroStorObjectStore store = new(Stores.Quick(standIn.Address) with { ExtentBytes = 1 << 20, WriteMemoryBytes = 2 << 20, WriteReserveBytes = 1 << 20 });
        IObjectWriter first = await store.CreateAsync(null, null, Token);
        await using IObjectWriter second = await store.CreateAsync(null, null, Token);
        Task<IObjectWriter> third = store.CreateAsync(null, null, Token).AsTask();
        Assert.False(third.IsCompleted);
        await first.DisposeAsync();
        await using IObjectWriter last = await third;
    }

    [Fact]
    public async Task Readers_that_nobody_empties_give_their_memory_to_others_and_still_deliver()
    {
        await using StandIn standIn = await StandIn.StartAsync();
        await using ZeroStorObjectStore store = new(Stores.Quick(standIn.Address) with { ReadMemoryBytes = 32 << 20 });
        byte[] bytes = Octets.Make(4 << 20);
        StoredObject stored = await Stores.WriteAsync(store, bytes);
        IObjectReader[] readers = new IObjectReader[12];
        Pipe[] pipes = [.. readers.Select(_ => new Pipe(new PipeOptions(pauseWriterThreshold: 64 << 10, resumeWriterThreshold: 32 << 10)))];
        Task<bool>[] copies = new Task<bool>[readers.Length];
        for (int i = 0; i < readers.Length; i++)
        {
            readers[i] = await store.OpenAsync(stored, 1, stored.Length - 1, Token);
            // Some have begun and wait for their client; some were fetched ahead and not even begun.
            if (i % 2 == 0)
                copies[i] = readers[i].CopyToAsync(pipes[i].Writer, Token).AsTask();
            Assert.InRange(store.ReadMemory.InUse, 1, 32 << 20);
            Assert.InRange(store.Pool.InUse, 1, 128);
        }

        for (int i = readers.Length - 1; i >= 0; i--)
        {
            copies[i] ??= readers[i].CopyToAsync(pipes[i].Writer, Token).AsTask();
            ReadResult read = await pipes[i].Reader.ReadAsync(Token);
            using MemoryStream received = new();
            while (received.Length < bytes.Length - 1)
            {
                foreach (ReadOnlyMemory<byte> memory in read.Buffer)
                    received.Write(memory.Span);
                pipes[i].Reader.AdvanceTo(read.Buffer.End);
                if (received.Length < bytes.Length - 1)
                    read = await pipes[i].Reader.ReadAsync(Token);
            }

            Assert.True(await copies[i]);
            Assert.Equal(bytes[1..], received.ToArray());
            await readers[i].DisposeAsync();
        }

        Assert.Equal((0, 0), (store.ReadMemory.InUse, store.Pool.InUse));
        Assert.InRange(store.Pool.Kept, 1, 32);
        Assert.InRange(standIn.Counters.Calls("DataService.Read"), 13, 40);
    }

    [Fact]
    public async Task Who_waits_for_read_memory_can_give_up()
    {
        await using StandIn standIn = await StandIn.StartAsync();
        await using ZeroStorObjectStore store = new(Stores.Quick(standIn.Address) with { ReadMemoryBytes = 32 << 20 });
        StoredObject stored = await Stores.WriteAsync(store, [1]);
        await store.ReadMemory.TakeAsync(32 << 20, Token);
        using CancellationTokenSource impatient = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Task<IObjectReader> opening = store.OpenAsync(stored, 0, 1, impatient.Token).AsTask();
        Assert.False(opening.IsCompleted);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opening);
        Assert.Equal((32 << 20, 0), (store.ReadMemory.InUse, store.ReadMemory.Waiting));
    }

    [Fact]
    public async Task The_budget_serves_in_order_and_forgets_who_gave_up()
    {
        MemoryBudget budget = new(10);
        await budget.TakeAsync(6, Token);
        using CancellationTokenSource cancellation = new();
        Task large = budget.TakeAsync(8, cancellation.Token).AsTask();
        Task small = budget.TakeAsync(2, Token).AsTask();
        Assert.False(budget.TryTake(1));
        Assert.Equal(2, budget.Waiting);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => large);
        await small;
        Assert.Equal((8, 0), (budget.InUse, budget.Waiting));
        budget.Return(8);
        Assert.True(budget.TryTake(10));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await budget.TakeAsync(11, Token));
    }
}
