using System.Buffers;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Objects;
using ZeroFtp.Storage.Objects.ZeroStor;
using ZeroFtp.Storage.Objects.ZeroStor.Schema;
using ZeroFtp.Storage.Objects.ZeroStor.Wire;
using ZeroFtp.Tests.Storage.Support;
using ZeroFtp.ZeroStor;
using static ZeroFtp.Tests.Storage.ZeroStor.DaemonHabitTests;

namespace ZeroFtp.Tests.Storage.ZeroStor;

/// <summary>What the store does about each bad habit of the daemon, one test or more for each row of the table in docs/zerostor.md.</summary>
public sealed class ZeroStorHabitTests
{
    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        for (int i = 0; i < 1000; i++)
        {
            if (await condition())
                return;
            await Task.Delay(5, Token);
        }

        Assert.Fail("It never happened.");
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_unary_calls_of_the_data_service_are_made()
    {
        await using StandIn standIn = await StandIn.StartAsync();
        await using ZeroStorObjectStore store = new(Stores.Quick(standIn.Address));
        StoredObject stored = await Stores.WriteAsync(store, Octets.Make(5000));
        await Stores.ReadAsync(store, stored);
        await store.CheckAsync(stored, deep: true, Token);
        standIn.Shards.Lose(0);
        StoredObject? repaired = await store.RepairAsync(stored, Token);
        await store.DeleteAsync(stored.Reference, Token);
        await store.DeleteAsync(repaired!.Value.Reference, Token);
        Assert.Equal(["DataService.Check", "DataService.Delete", "DataService.Read", "DataService.Write"], standIn.Counters.AllCalls.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_write_while_a_shard_is_missing_is_answered_and_succeeds_when_the_shard_is_back()
    {
        await using StandIn standIn = await StandIn.StartAsync(new StandInOptions { BlockSize = 64 << 10 });
        await using ZeroStorObjectStore store = new(Stores.Quick(standIn.Address) with { RetryBudget = TimeSpan.FromSeconds(30) });
        standIn.Shards.SetDown(1, true);
        byte[] bytes = Octets.Make(4 << 20);
        Task<StoredObject> writing = Stores.WriteAsync(store, bytes);
        await WaitAsync(() => standIn.Counters.Calls("DataService.Write") >= 2);
        Assert.False(writing.IsCompleted);
        standIn.Shards.SetDown(1, false);
        Assert.Equal(bytes, (await Stores.ReadAsync(store, await writing)).Octets);
    }

    [Fact]
    public async Task A_write_fails_in_time_when_the_shard_does_not_come_back()
    {
        await using StandIn standIn = await StandIn.StartAsync(new StandInOptions { BlockSize = 64 << 10 });
        await using ZeroStorObjectStore store = new(Stores.Quick(standIn.Address));
        standIn.Shards.SetDown(1, true);
        FtpDriverException failure = await Assert.ThrowsAsync<FtpDriverException>(() => Stores.WriteAsync(store, Octets.Make(4 << 20)));
        Assert.Equal(FtpError.Unavailable, failure.Error);
        // Three of four parts of each block once, and of the probes.
        Assert.InRange(standIn.Shards.StoredBytes, 4 << 20, 5 << 20);
    }

    [Fact]
    public async Task A_write_that_hangs_is_given_up_and_retried_alone()
    {
        await using StandIn standIn = await StandIn.StartAsync();
        await using ZeroStorObjectStore store = new(Stores.Quick(standIn.Address) with { CallTimeout = TimeSpan.FromMilliseconds(200), RetryBudget = TimeSpan.FromSeconds(30) });
        using Meters meters = new(store);
        standIn.Faults.HangWrites = 1;
        byte[] bytes = Octets.Make(300_000);
        Assert.Equal(bytes, (await Stores.ReadAsync(store, await Stores.WriteAsync(store, bytes))).Octets);
        Assert.Equal(2, standIn.Counters.Calls("DataService.Write"));
        Assert.Equal(1, meters["zerostor.retries"]);
        Assert.Equal(1, meters["zerostor.orphans"]);
    }

    [Fact]
    public async Task A_cancelled_read_leaks_nothing()
    {
        await using StandIn standIn = await StandIn.StartAsync();
        await using ZeroStorObjectStore store = new(Stores.Quick(standIn.Address));
        StoredObject stored = await Stores.WriteAsync(store, Octets.Make(300_000));
        standIn.Faults.HangReads = 1;
        using CancellationTokenSource cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Task<IObjectReader> opening = store.OpenAsync(stored, 0, stored.Length, cancellation.Token).AsTask();
        await WaitAsync(() => standIn.Counters.Calls("DataService.Read") == 1);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opening);
        Assert.Equal(0, standIn.Counters.LeakedStreams);
        Assert.Equal(0, store.ReadMemory.InUse);
    }

    [Fact]
    public async Task A_corrupt_object_is_read_repaired_and_counted()
    {
        await using StandIn standIn = await StandIn.StartAsync();
        await using ZeroStorObjectStore store = new(Stores.Quick(standIn.Address));
        using Meters meters = new(store);
        byte[] bytes = Octets.Make(3_000_000);
        StoredObject stored = await Stores.WriteAsync(store, bytes);
        standIn.Shards.Corrupt(2);
        StoredObject? repaired = null;
        for (int i = 0; i < 50 && repaired is null; i++)
        {
            // A read that happens to use three good parts of each block needs no repair.
            (byte[] read, repaired) = await Stores.ReadAsync(store, stored);
            Assert.Equal(bytes, read);
        }

        Assert.NotNull(repaired);
        Assert.NotEqual(stored.Reference, repaired.Value.Reference);
        Assert.Equal((stored.Length, stored.Hash), (repaired.Value.Length, repaired.Value.Hash));
        Assert.Equal(ObjectState.Good, await store.CheckAsync(repaired.Value, deep: true, Token));
        Assert.InRange(meters["zerostor.corrupt"], 1, 100);
        Assert.Equal(1, meters["zerostor.repaired"]);
    }

    [Fact]
    public async Task Wrong_octets_that_the_daemon_does_not_notice_are_noticed()
    {
        await using StandIn standIn = await StandIn.StartAsync();
        await using ZeroStorObjectStore store = new(Stores.Quick(standIn.Address));
        byte[] bytes = Octets.Make(3_000_000);
        StoredObject stored = await Stores.WriteAsync(store, bytes);
        standIn.Faults.Blind = true;
        standIn.Shards.Corrupt(0);
        for (int i = 0; i < 6; i++)
            Assert.Equal(bytes, (await Stores.ReadAsync(store, stored)).Octets);
    }

    [Fact]
    public async Task Wrong_octets_go_unnoticed_only_where_that_was_wished()
    {
        await using StandIn standIn = await StandIn.StartAsync();
        await using ZeroStorObjectStore store = new(Stores.Quick(standIn.Address) with { VerifyEvery = 0 });
        byte[] bytes = Octets.Make(1000);
        StoredObject stored = await Stores.WriteAsync(store, bytes);
        standIn.Faults.FlippedAnswers = 1;
        Assert.NotEqual(bytes, (await Stores.ReadAsync(store, stored)).Octets);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_answer_that_is_wrong_once_is_asked_for_again_and_nothing_repaired(bool cut)
    {
        await using StandIn standIn = await StandIn.StartAsync();
        await using ZeroStorObjectStore store = new(Stores.Quick(standIn.Address));
        using Meters meters = new(store);
        byte[] bytes = Octets.Make(1_000_000);
        StoredObject stored = await Stores.WriteAsync(store, bytes);
        (standIn.Faults.FlippedAnswers, standIn.Faults.CutAnswers) = cut ? (0, 1) : (1, 0);
        (byte[] read, StoredObject? repaired) = await Stores.ReadAsync(store, stored);
        Assert.Equal(bytes, read);
        Assert.Null(repaired);
        Assert.Equal(1, meters["zerostor.corrupt"]);
        Assert.Equal(1, standIn.Counters.Calls("DataService.Write"));
    }

    [Fact]
    public async Task What_is_corrupt_beyond_repair_is_never_delivered()
    {
        await using StandIn standIn = await StandIn.StartAsync();
        await using ZeroStorObjectStore store = new(Stores.Quick(standIn.Address));
        using Meters meters = new(store);
        StoredObject stored = await Stores.WriteAsync(store, Octets.Make(100_000));
        standIn.Faults.Blind = true;
        standIn.Shards.Corrupt(0);
        standIn.Shards.Corrupt(1);
        for (int i = 0; i < 3; i++)
        {
            FtpDriverException failure = await Assert.ThrowsAsync<FtpDriverException>(() => Stores.ReadAsync(store, stored));
            Assert.Equal(FtpError.Unavailable, failure.Error);
        }

        Assert.Equal(ObjectState.Missing, await store.CheckAsync(stored, deep: true, Token));
        Assert.Null(await store.RepairAsync(stored, Token));
        Assert.Equal(0, meters["zerostor.repaired"]);
        Assert.Equal(0, store.ReadMemory.InUse);
        Assert.Equal(0, store.Pool.InUse);
    }

    [Fact]
    public async Task A_half_failed_deletion_is_finished_part_by_part()
    {
        await using StandIn standIn = await StandIn.StartAsync();
        await using ZeroStorObjectStore store = new(Stores.Quick(standIn.Address));
        StoredObject stored = await Stores.WriteAsync(store, Octets.Make(1000));
        standIn.Faults.HalfDeletes = 1;
        Assert.Null(await store.DeleteAsync(stored.Reference, Token));
        Assert.Equal(0, standIn.Shards.Parts);
        Assert.Null(await store.DeleteAsync(stored.Reference, Token));
    }

    [Fact]
    public async Task A_repair_writes_anew_when_all_shards_are_up_and_leaves_the_old_parts_to_the_caller()
    {
        await using StandIn standIn = await StandIn.StartAsync();
        await using ZeroStorObjectStore store = new(Stores.Quick(standIn.Address));
        StoredObject stored = await Stores.WriteAsync(store, Octets.Make(1000));
        Assert.Equal(ObjectState.Good, await store.CheckAsync(stored, deep: true, Token));
        standIn.Shards.SetDown(3, true);
        Assert.Equal(ObjectState.OutOfReach, await store.CheckAsync(stored, deep: true, Token));
        Assert.Null(await store.RepairAsync(stored, Token));
        // The probe is all that it wrote.
        Assert.Equal(4 + 3, standIn.Shards.Parts);
        standIn.Shards.SetDown(3, false);
        standIn.Shards.Lose(3);
        await UntilAsync(async () => await store.CheckAsync(stored, deep: true, Token) == ObjectState.Degraded);
        StoredObject? repaired = await store.RepairAsync(stored, Token);
        Assert.Equal(3 + 3 + 4, standIn.Shards.Parts);
        Assert.Null(await store.DeleteAsync(store.Subtract(stored.Reference, repaired!.Value.Reference)!, Token));
        Assert.Equal(3 + 4, standIn.Shards.Parts);
        Assert.Equal(1000, (await Stores.ReadAsync(store, repaired.Value)).Octets.Length);
    }

    [Fact]
    public async Task Of_a_replaced_reference_only_what_the_young_one_does_not_name_is_garbage()
    {
        await using StandIn standIn = await StandIn.StartAsync(new StandInOptions { Shards = 3, DataShards = 2, Parity = 0, BlockSize = 500 });
        await using ZeroStorObjectStore store = new(Stores.Quick(standIn.Address));
        using RawDaemon daemon = new(standIn.Address);
        StoredObject stored = await Stores.WriteAsync(store, Octets.Make(10_000));
        Assert.True(standIn.Shards.Corrupt(0) > 0);
        DataRepairRequest request = new() { Chunks = { ChunkReference.Decode(stored.Reference) } };
        DataRepairResponse repaired = await daemon.CallAsync<DataRepairRequest, DataRepairResponse>("DataService", "Repair", request);
        string young = ChunkReference.Encode(repaired.Chunks);
        Assert.Null(await store.DeleteAsync(store.Subtract(stored.Reference, young)!, Token));
        Assert.Equal(40, standIn.Shards.Parts);
        Assert.Equal(ObjectState.Good, await store.CheckAsync(stored with { Reference = young }, deep: true, Token));
        Assert.Null(store.Subtract(young, young));
    }

    [Fact]
    public async Task What_a_repair_wrote_wrongly_is_not_taken()
    {
        await using StandIn standIn = await StandIn.StartAsync();
        await using ZeroStorObjectStore store = new(Stores.Quick(standIn.Address));
        StoredObject stored = await Stores.WriteAsync(store, Octets.Make(1000));
        StoredObject other = stored with { Hash = new ObjectHash(1, 1) };
        Assert.Null(await store.RepairAsync(other, Token));
        Assert.Equal(ObjectState.Corrupt, await store.CheckAsync(other, deep: true, Token));
        Assert.Equal(4, standIn.Shards.Parts);
    }

    [Fact]
    public async Task A_cancelled_upload_leaves_nothing_though_its_write_was_under_way()
    {
        await using StandIn standIn = await StandIn.StartAsync();
        await using ZeroStorObjectStore store = new(Stores.Quick(standIn.Address));
        standIn.Faults.WriteDelay = TimeSpan.FromMilliseconds(150);
        using CancellationTokenSource cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
        await using (IObjectWriter writer = await store.CreateAsync(null, null, Token))
        {
            await writer.WriteAsync(new ReadOnlySequence<byte>(Octets.Make(100_000)), Token);
            Task<StoredObject> completing = writer.CompleteAsync(cancellation.Token).AsTask();
            await WaitAsync(() => standIn.Counters.Calls("DataService.Write") == 1);
            await cancellation.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => completing);
        }

        await WaitAsync(() => standIn.Counters.Calls("DataService.Delete") == 1 && store.WriteMemory.InUse == 0);
        Assert.Equal(0, standIn.Shards.Parts);
        Assert.Equal(0, store.Pool.InUse);
    }

    [Fact]
    public async Task A_lost_answer_leaves_one_orphan_and_it_is_counted()
    {
        await using StandIn standIn = await StandIn.StartAsync();
        await using ZeroStorObjectStore store = new(Stores.Quick(standIn.Address) with { RetryBudget = TimeSpan.FromSeconds(30) });
        using Meters meters = new(store);
        standIn.Faults.DropAnswers = 1;
        byte[] bytes = Octets.Make(1000);
        Assert.Equal(bytes, (await Stores.ReadAsync(store, await Stores.WriteAsync(store, bytes))).Octets);
        Assert.Equal(8, standIn.Shards.Parts);
        Assert.Equal(1, meters["zerostor.orphans"]);
    }

    [Fact]
    public async Task A_refused_connection_leaves_no_orphan()
    {
        await using StandIn standIn = await StandIn.StartAsync();
        await standIn.StopAsync();
        await using ZeroStorObjectStore store = new(Stores.Quick(standIn.Address));
        using Meters meters = new(store);
        await Assert.ThrowsAsync<FtpDriverException>(() => Stores.WriteAsync(store, [1]));
        Assert.Equal(0, meters["zerostor.orphans"]);
        Assert.True(meters["zerostor.retries"] > 0);
    }
}
