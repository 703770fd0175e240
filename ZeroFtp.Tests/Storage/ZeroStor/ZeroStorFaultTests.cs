using System.Diagnostics;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Objects;
using ZeroFtp.Storage.Objects.ZeroStor;
using ZeroFtp.Tests.Storage.Support;
using ZeroFtp.ZeroStor;
using ZeroFtp.ZeroStor.Shards;
using static ZeroFtp.Tests.Storage.ZeroStor.DaemonHabitTests;

namespace ZeroFtp.Tests.Storage.ZeroStor;

/// <summary>Daemons that die, come back, are slow or refuse.</summary>
public sealed class ZeroStorFaultTests : IAsyncDisposable
{
    private readonly ShardSet _shards = new(4);
    private readonly List<StandIn> _standIns = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task With_one_of_two_daemons_dead_nothing_fails_and_the_dead_one_is_left_alone()
    {
        StandIn one = await StartAsync();
        StandIn two = await StartAsync();
        await using ZeroStorObjectStore store = new(Stores.Quick(one.Address, two.Address) with { BreakerPause = TimeSpan.FromMinutes(1), RetryBudget = TimeSpan.FromSeconds(30) });
        using Meters meters = new(store);
        StoredObject stored = await Stores.WriteAsync(store, [1, 2, 3]);
        await one.StopAsync();
        for (int i = 0; i < 40; i++)
            Assert.Equal([1, 2, 3], (await Stores.ReadAsync(store, stored)).Octets);
        Assert.Equal(1, meters["zerostor.daemon.opened"]);
        Assert.InRange(meters["zerostor.retries"], 1, 8);
        Assert.True(store.IsHealthy);
    }

    [Fact]
    public async Task Calls_are_spread_over_the_daemons()
    {
        StandIn[] daemons = [await StartAsync(), await StartAsync(), await StartAsync()];
        await using ZeroStorObjectStore store = new(Stores.Quick([.. daemons.Select(d => d.Address)]));
        await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => Stores.WriteAsync(store, [1])));
        Assert.All(daemons, d => Assert.InRange(d.Counters.Calls("DataService.Write"), 3, 24));
    }

    [Fact]
    public async Task A_daemon_that_restarts_makes_a_pause_and_no_failure()
    {
        StandIn daemon = await StartAsync();
        await using ZeroStorObjectStore store = new(Stores.Quick(daemon.Address) with { RetryBudget = TimeSpan.FromSeconds(60) });
        byte[] bytes = Octets.Make(100_000);
        StoredObject stored = await Stores.WriteAsync(store, bytes);
        await daemon.StopAsync();
        Task<(byte[] Octets, StoredObject? Repaired)> reading = Stores.ReadAsync(store, stored);
        Task<StoredObject> writing = Stores.WriteAsync(store, bytes);
        await WaitAsync(() => !store.IsHealthy);
        await daemon.RestartAsync();
        Assert.Equal(bytes, (await reading).Octets);
        Assert.Equal(bytes, (await Stores.ReadAsync(store, await writing)).Octets);
        await WaitAsync(() => store.IsHealthy);
    }

    [Fact]
    public async Task Without_any_daemon_operations_fail_in_time_and_work_again_without_a_restart()
    {
        StandIn daemon = await StartAsync();
        await using ZeroStorObjectStore store = new(Stores.Quick(daemon.Address));
        StoredObject stored = await Stores.WriteAsync(store, [1]);
        await daemon.StopAsync();
        Func<Task>[] operations =
        [
            () => Stores.WriteAsync(store, [1]),
            () => Stores.ReadAsync(store, stored),
            () => store.DeleteAsync(stored.Reference, Token).AsTask(),
            () => store.CheckAsync(stored, deep: false, Token).AsTask(),
        ];
        foreach (Func<Task> operation in operations)
            Assert.Equal(FtpError.Unavailable, (await Assert.ThrowsAsync<FtpDriverException>(operation)).Error);
        Assert.Equal((0, 0, 0), (store.WriteMemory.InUse, store.ReadMemory.InUse, store.Pool.InUse));
        await daemon.RestartAsync();
        for (long began = Stopwatch.GetTimestamp(); ;)
        {
            try
            {
                Assert.Equal([1], (await Stores.ReadAsync(store, stored)).Octets);
                break;
            }
            catch (FtpDriverException) when (Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(30))
            {
            }
        }
    }

    [Fact]
    public async Task A_slow_read_is_hedged_where_that_is_wished()
    {
        StandIn[] daemons = [await StartAsync(), await StartAsync()];
        await using ZeroStorObjectStore store = new(Stores.Quick([.. daemons.Select(d => d.Address)]) with { HedgeReadsAfter = TimeSpan.FromMilliseconds(50) });
        using Meters meters = new(store);
        byte[] bytes = Octets.Make(500_000);
        StoredObject stored = await Stores.WriteAsync(store, bytes);
        daemons[0].Faults.HangReads = 1;
        daemons[1].Faults.HangReads = 0;
        for (int i = 0; daemons[0].Faults.HangReads > 0 && i < 10; i++)
            Assert.Equal(bytes, (await Stores.ReadAsync(store, stored)).Octets);
        Assert.Equal(0, daemons[0].Faults.HangReads);
        Assert.True(meters["zerostor.hedges"] >= 1);
        Assert.Equal(0, meters["zerostor.retries"]);
        await WaitAsync(() => store.Pool.InUse == 0);
    }

    [Fact]
    public async Task A_daemon_that_hangs_gets_no_calls_after_its_first_time_out_until_it_answers_again()
    {
        StandIn hung = await StartAsync();
        StandIn other = await StartAsync();
        await using ZeroStorObjectStore store = new(Stores.Quick(hung.Address, other.Address) with
        {
            CallTimeout = TimeSpan.FromMilliseconds(500), ConnectTimeout = TimeSpan.FromMilliseconds(500), RetryBudget = TimeSpan.FromSeconds(30),
        });
        hung.Faults.Hung = true;
        while (hung.Counters.Calls("DataService.Write") == 0)
            await Stores.WriteAsync(store, [1]);
        int writes = hung.Counters.Calls("DataService.Write");
        for (int i = 0; i < 30; i++)
            await Stores.WriteAsync(store, [1]);
        Assert.Equal(writes, hung.Counters.Calls("DataService.Write"));
        hung.Faults.Hung = false;
        for (int i = 0; i < 5000 && hung.Counters.Calls("DataService.Write") == writes; i++)
        {
            await Stores.WriteAsync(store, [1]);
            await Task.Delay(5, Token);
        }

        Assert.True(hung.Counters.Calls("DataService.Write") > writes);
    }

    [Fact]
    public async Task A_missing_shard_within_the_redundancy_is_not_noticed_by_readers()
    {
        StandIn daemon = await StartAsync();
        await using ZeroStorObjectStore store = new(Stores.Quick(daemon.Address));
        byte[] bytes = Octets.Make(2_000_000);
        StoredObject stored = await Stores.WriteAsync(store, bytes);
        _shards.SetDown(0, true);
        (byte[] read, StoredObject? repaired) = await Stores.ReadAsync(store, stored);
        Assert.Equal(bytes, read);
        Assert.Null(repaired);
    }

    [Fact]
    public async Task What_the_daemon_refuses_is_not_tried_again()
    {
        StandIn daemon = await StartAsync();
        await using ZeroStorObjectStore store = new(Stores.Quick(daemon.Address) with { RetryBudget = TimeSpan.FromMinutes(5) });
        daemon.Faults.Fail("Write", Grpc.Core.StatusCode.InvalidArgument, "no");
        Assert.Equal(FtpError.Unavailable, (await Assert.ThrowsAsync<FtpDriverException>(() => Stores.WriteAsync(store, [1]))).Error);
        Assert.Equal(1, daemon.Counters.Calls("DataService.Write"));
    }

    [Fact]
    public async Task A_store_that_is_full_says_so()
    {
        StandIn daemon = await StartAsync();
        await using ZeroStorObjectStore store = new(Stores.Quick(daemon.Address) with { RetryBudget = TimeSpan.FromMinutes(5) });
        daemon.Faults.Fail("Write", Grpc.Core.StatusCode.Unknown, "No space left on this namespace");
        Assert.Equal(FtpError.InsufficientStorage, (await Assert.ThrowsAsync<FtpDriverException>(() => Stores.WriteAsync(store, [1]))).Error);
    }

    [Fact]
    public async Task No_more_calls_are_under_way_than_allowed()
    {
        StandIn daemon = await StartAsync();
        await using ZeroStorObjectStore store = new(Stores.Quick(daemon.Address) with { MaxWritesInFlight = 3 });
        daemon.Faults.WriteDelay = TimeSpan.FromMilliseconds(20);
        await Task.WhenAll(Enumerable.Range(0, 24).Select(_ => Stores.WriteAsync(store, [1])));
        Assert.Equal(3, daemon.Counters.Peak("DataService.Write"));
    }

    [Fact]
    public async Task A_unix_socket_will_do()
    {
        using TemporaryDirectory directory = new();
        await using StandIn daemon = await StandIn.StartAsync(new StandInOptions { Listen = "unix:" + Path.Combine(directory.Path, "zstor") });
        await using ZeroStorObjectStore store = new(Stores.Quick(daemon.Address));
        Assert.StartsWith("unix:/", daemon.Address, StringComparison.Ordinal);
        Assert.Equal([7], (await Stores.ReadAsync(store, await Stores.WriteAsync(store, [7]))).Octets);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (StandIn standIn in _standIns)
            await standIn.DisposeAsync();
        _shards.Dispose();
    }

    private async Task<StandIn> StartAsync()
    {
        StandIn standIn = await StandIn.StartAsync(new StandInOptions { Shared = _shards });
        _standIns.Add(standIn);
        return standIn;
    }
}
