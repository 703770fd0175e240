using System.Diagnostics;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Content;
using ZeroFtp.Storage.Driver;
using ZeroFtp.Storage.Maintenance;
using ZeroFtp.Storage.Objects.ZeroStor;
using ZeroFtp.Tests.Storage.Support;
using ZeroFtp.Tests.Support;
using ZeroFtp.ZeroStor;
using ZeroFtp.ZeroStor.Shards;

namespace ZeroFtp.Tests.Storage.ZeroStor;

/// <summary>Upkeep over shards that lose parts, are replaced, fill up or are down: it loses nothing that is referred to, and leaves nothing behind that it could delete.</summary>
public sealed class UpkeepTests : IAsyncLifetime
{
    private static readonly ScrubOptions Fast = new() { BytesPerSecond = 0 };

    private StandIn _standIn = null!;
    private StorageHarness _store = null!;
    private StorageDriver _driver = null!;
    private ZeroStorObjectStore _objects = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ShardSet Shards => _standIn.Shards;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _standIn.DisposeAsync();
    }

    [Fact]
    public async Task A_flipped_bit_of_a_copy_is_mended_and_the_good_copies_outlive_the_collection()
    {
        await StartAsync(new StandInOptions { Shards = 3, DataShards = 2, Parity = 0, BlockSize = 64 << 10 });
        byte[] content = Octets.Make(300_000);
        await _driver.PutAsync("/f", content);
        Assert.Equal(10, Shards.Parts);
        Assert.True(Shards.Corrupt(0, every: 5) > 0);
        for (int i = 0; i < 20; i++)
            Assert.Equal(content, await _driver.GetAsync("/f"));
        await ScrubAsync();
        await _store.Collector.CollectAsync(Token);
        Assert.Equal(10, Shards.Parts);
        Assert.Equal(content, await _driver.GetAsync("/f"));
        Assert.True((await ScrubAsync()).IsClean);
    }

    [Theory]
    [InlineData(4, 3, 1)]
    [InlineData(6, 3, 2)]
    [InlineData(3, 2, 0)]
    public async Task A_shard_that_comes_back_empty_under_its_name_costs_nothing(int shards, int data, int parity)
    {
        await StartAsync(new StandInOptions { Shards = shards, DataShards = data, Parity = parity, BlockSize = 64 << 10 });
        byte[][] contents = [.. Enumerable.Range(0, 8).Select(i => Octets.Make(250_000, seed: i))];
        for (int i = 0; i < 4; i++)
            await _driver.PutAsync($"/{i}", contents[i]);
        Shards.Empty(1);
        // The new parts get the numbers that the old references have.
        for (int i = 4; i < 8; i++)
            await _driver.PutAsync($"/{i}", contents[i]);
        await ReadAllAsync(contents);
        CheckReport report = await ScrubAsync();
        Assert.Equal(report.FindingCount, report.RepairedCount);
        await _store.Collector.CollectAsync(Token);
        Assert.True((await ScrubAsync()).IsClean);
        await ReadAllAsync(contents);
        for (int i = 0; i < 4; i++)
            await _driver.DeleteFileAsync(DriverCalls.At($"/{i}"), Token);
        await _store.Collector.CollectAsync(Token);
        Assert.True((await ScrubAsync()).IsClean);
        Assert.Equal(4 * 4 * (parity == 0 ? data : data + parity), Shards.Parts);
        for (int i = 4; i < 8; i++)
            Assert.Equal(contents[i], await _driver.GetAsync($"/{i}"));
    }

    [Fact]
    public async Task A_deletion_leaves_what_others_have_put_under_the_keys_of_an_emptied_shard()
    {
        await StartAsync(new StandInOptions());
        byte[] content = Octets.Make(100_000, seed: 2);
        await _driver.PutAsync("/old", Octets.Make(100_000, seed: 1));
        Shards.Empty(0);
        await _driver.PutAsync("/young", content);
        await _driver.DeleteFileAsync(DriverCalls.At("/old"), Token);
        Assert.Equal(1, (await _store.Collector.CollectAsync(Token)).ObjectsDeleted);
        Assert.Equal(4, Shards.Parts);
        Assert.True((await ScrubAsync()).IsClean);
    }

    [Fact]
    public async Task What_a_deletion_cannot_reach_is_deleted_when_the_shard_is_back()
    {
        await StartAsync(new StandInOptions());
        for (int i = 0; i < 12; i++)
            await _driver.PutAsync($"/{i}", Octets.Make(10_000, seed: i));
        Shards.SetDown(1, true);
        for (int i = 0; i < 12; i++)
            await _driver.DeleteFileAsync(DriverCalls.At($"/{i}"), Token);
        Stopwatch watch = Stopwatch.StartNew();
        CollectReport report = await _store.Collector.CollectAsync(Token);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.Equal((0, 12), ((int)report.ObjectsDeleted, (int)report.ObjectsFailed));
        string postponed = Assert.Single(report.Postponed);
        Assert.StartsWith("12 postponed: out of reach: ", postponed, StringComparison.Ordinal);
        Assert.Contains("storage:zeroStor:goneShards", postponed, StringComparison.Ordinal);
        Shards.SetDown(1, false);
        Assert.Equal(12, await CollectAllAsync());
        Assert.Equal(0, Shards.Parts);
    }

    [Fact]
    public async Task Copies_that_can_be_reached_go_at_once()
    {
        await StartAsync(new StandInOptions { Shards = 3, DataShards = 3, Parity = 0 });
        await _driver.PutAsync("/f", Octets.Make(10_000));
        Shards.SetDown(1, true);
        await _driver.DeleteFileAsync(DriverCalls.At("/f"), Token);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, (await _store.Collector.CollectAsync(Token)).ObjectsFailed);
        Assert.Equal(1, Shards.Parts);
        Shards.SetDown(1, false);
        Assert.Equal(1, await CollectAllAsync());
        Assert.Equal(0, Shards.Parts);
    }

    [Fact]
    public async Task The_parts_of_a_shard_that_left_the_configuration_hold_nothing_up()
    {
        await StartAsync(new StandInOptions { Shards = 5, DataShards = 3 }, budget: TimeSpan.FromSeconds(30));
        for (int i = 0; i < 8; i++)
            await _driver.PutAsync($"/{i}", Octets.Make(10_000, seed: i));
        Shards.SetLeft(4, true);
        CheckReport report = await ScrubAsync();
        Assert.Equal(report.FindingCount, report.RepairedCount);
        for (int i = 0; i < 4; i++)
            await _driver.DeleteFileAsync(DriverCalls.At($"/{i}"), Token);
        Stopwatch watch = Stopwatch.StartNew();
        Assert.Equal(0, (await _store.Collector.CollectAsync(Token)).ObjectsFailed);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.Equal(4 * 4, Enumerable.Range(0, 4).Sum(Shards.PartsOf));
        Assert.True((await ScrubAsync()).IsClean);
    }

    [Theory]
    [InlineData("down")]
    [InlineData("full")]
    [InlineData("capacity")]
    public async Task An_upload_that_fails_for_a_shard_leaves_little(string what)
    {
        await StartAsync(new StandInOptions(), budget: TimeSpan.FromSeconds(3));
        Shards.SetDown(2, what == "down");
        Shards.SetFull(2, what == "full");
        Shards.SetCapacity(2, what == "capacity" ? 100_000 : long.MaxValue);
        for (int i = 0; i < 3; i++)
            await Assert.ThrowsAsync<FtpDriverException>(() => _driver.PutAsync("/f", Octets.Make(4 << 20)));
        await _store.Collector.CollectAsync(Token);
        // The first extent finds out; what follows asks with small writes. 4 MiB in 3 of 4 parts is the least that it can cost.
        Assert.InRange(Shards.StoredBytes, 1, (what == "capacity" ? 6 : 1) * (5 << 20));
        Assert.True(_meters["zerostor.orphans"] > 0);
    }

    [Fact]
    public async Task Writers_go_on_when_the_shard_is_back()
    {
        await StartAsync(new StandInOptions(), budget: TimeSpan.FromSeconds(60));
        byte[] content = Octets.Make(16 << 20);
        Shards.SetDown(2, true);
        Task uploading = _driver.PutAsync("/f", content);
        await DaemonHabitTests.WaitAsync(() => _standIn.Counters.Calls("DataService.Write") > 20);
        Assert.False(uploading.IsCompleted);
        Shards.SetDown(2, false);
        Shards.SetStale(2, 2);
        await uploading;
        Assert.Equal(content, await _driver.GetAsync("/f"));
        Assert.InRange(Shards.StoredBytes, 22 << 20, 60 << 20);
    }

    [Fact]
    public async Task A_scrub_with_a_shard_down_ends_soon_and_leaves_nothing_and_says_what_it_did_not_see()
    {
        await StartAsync(new StandInOptions(), budget: TimeSpan.FromSeconds(30));
        for (int i = 0; i < 30; i++)
            await _driver.PutAsync($"/{i}", Octets.Make(10_000, seed: i));
        Shards.SetDown(2, true);
        long parts = Shards.Parts;
        Stopwatch watch = Stopwatch.StartNew();
        CheckReport report = await ScrubAsync();
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.Equal((0, 30), (report.FindingCount, report.NotJudgedCount));
        report = await new Checker(_store.Context, new CheckOptions { Repair = true }).RunAsync(Token);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
        Assert.Equal((0, 30), (report.FindingCount, report.NotJudgedCount));
        Assert.Equal(parts, Shards.Parts);
    }

    [Fact]
    public async Task What_is_beyond_repair_fails_at_once()
    {
        await StartAsync(new StandInOptions(), budget: TimeSpan.FromSeconds(30));
        await _driver.PutAsync("/f", Octets.Make(10_000));
        long parts = Shards.Parts;
        Shards.Lose(0);
        Shards.Lose(1);
        Stopwatch watch = Stopwatch.StartNew();
        await Assert.ThrowsAsync<FtpDriverException>(() => _driver.GetAsync("/f"));
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.Equal(parts - 2, Shards.Parts);
        Assert.Equal(CheckFindingKind.MissingObject, Assert.Single((await ScrubAsync()).Findings).Kind);
    }

    private async Task StartAsync(StandInOptions options, TimeSpan? budget = null)
    {
        _standIn = await StandIn.StartAsync(options);
        _objects = new ZeroStorObjectStore(Stores.Quick(_standIn.Address) with { RetryBudget = budget ?? TimeSpan.FromSeconds(2) });
        _meters = new Meters(_objects);
        _store = await StorageHarness.OpenAsync(wrapObjects: _ => _objects, clock: _clock);
        _driver = _store.Login();
    }

    private readonly ShiftedClock _clock = new();
    private Meters _meters = null!;

    /// <summary>Collects until nothing fails: a shard that has come back is asked again only after a moment, and what lies there stays in the queue until then.</summary>
    private async Task<long> CollectAllAsync()
    {
        long deleted = 0;
        for (Stopwatch watch = Stopwatch.StartNew(); ; await Task.Delay(20, Token))
        {
            _clock.Advance(TimeSpan.FromMinutes(15));
            CollectReport report = await _store.Collector.CollectAsync(Token);
            deleted += report.ObjectsDeleted;
            if (report.ObjectsFailed == 0 || watch.Elapsed > Bounded.Limit)
                return deleted;
        }
    }

    private Task<CheckReport> ScrubAsync() => new Scrubber(_objects, _store.Metadata, Fast).RunAsync(null, Token);

    private async Task ReadAllAsync(byte[][] contents)
    {
        for (int i = 0; i < contents.Length; i++)
            Assert.Equal(contents[i], await _driver.GetAsync($"/{i}"));
    }

    /// <summary>The system's clock, which a test moves on.</summary>
    private sealed class ShiftedClock : TimeProvider
    {
        private TimeSpan _shift;

        public void Advance(TimeSpan by) => _shift += by;

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + _shift;
    }
}
