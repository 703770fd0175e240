using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Content;
using ZeroFtp.Storage.Maintenance;
using ZeroFtp.Storage.Metadata;
using ZeroFtp.Storage.Metadata.Sqlite;
using ZeroFtp.Storage.Objects;
using ZeroFtp.Storage.Objects.ZeroStor;
using ZeroFtp.Tests.Storage.Metadata;
using ZeroFtp.Tests.Storage.Support;
using ZeroFtp.Tests.Storage.ZeroStor;
using ZeroFtp.ZeroStor;

namespace ZeroFtp.Tests.Storage.Collect;

/// <summary>The scrubber over real metadata and the stand-in.</summary>
public sealed class ScrubberTests : IAsyncLifetime
{
    private static readonly ScrubOptions Fast = new() { BytesPerSecond = 0 };

    private readonly TemporaryDirectory _directory = new();
    private StandIn _standIn = null!;
    private ZeroStorObjectStore _objects = null!;
    private SqlMetadataStore _metadata = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _standIn = await StandIn.StartAsync();
        _objects = new ZeroStorObjectStore(Stores.Quick(_standIn.Address));
        _metadata = await SqliteMetadata.OpenAsync(SqliteTests.Options(_directory.Path, new MetadataOptions()) with { Durability = Durability.Relaxed }, Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _metadata.DisposeAsync();
        await _objects.DisposeAsync();
        await _standIn.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task What_is_sound_is_left_alone()
    {
        await StoreAsync("f", 3);
        CheckReport report = await new Scrubber(_objects, _metadata, Fast).RunAsync(null, Token);
        Assert.True(report.IsClean);
        Assert.Equal((3, 30_000), (report.ObjectsChecked, report.BytesRead));
        Assert.Equal(3, _standIn.Counters.Calls("DataService.Write"));
    }

    [Fact]
    public async Task Lost_redundancy_is_restored_and_the_new_reference_recorded()
    {
        byte[][] contents = await StoreAsync("f", 5);
        _standIn.Shards.Lose(1, every: 2);
        CheckReport report = await new Scrubber(_objects, _metadata, Fast).RunAsync(null, Token);
        Assert.Equal((3, 3), (report.FindingCount, report.RepairedCount));
        Assert.All(report.Findings, f => Assert.True(f is { Kind: CheckFindingKind.DegradedObject, IsRepaired: true }));
        IReadOnlyList<Extent> extents = await ExtentsAsync("f");
        for (int i = 0; i < extents.Count; i++)
            Assert.Equal(contents[i], (await Stores.ReadAsync(_objects, ToStored(extents[i].Object))).Octets);
        Assert.True((await new Scrubber(_objects, _metadata, Fast).RunAsync(null, Token)).IsClean);
    }

    [Fact]
    public async Task What_is_lost_is_reported_and_nothing_else()
    {
        await StoreAsync("f", 4);
        _standIn.Shards.Lose(0, every: 4);
        _standIn.Shards.Lose(1, every: 4);
        CheckReport report = await new Scrubber(_objects, _metadata, Fast).RunAsync(null, Token);
        CheckFinding finding = Assert.Single(report.Findings);
        Assert.Equal((CheckFindingKind.MissingObject, false), (finding.Kind, finding.IsRepaired));
        Assert.Equal(4, report.ObjectsChecked);
    }

    [Fact]
    public async Task Without_repair_nothing_is_written()
    {
        await StoreAsync("f", 2);
        _standIn.Shards.Corrupt(2);
        CheckReport report = await new Scrubber(_objects, _metadata, Fast with { Repair = false, MaxFindings = 1 }).RunAsync(null, Token);
        Assert.Equal((2, 0, 1), (report.FindingCount, report.RepairedCount, report.Findings.Count));
        Assert.Equal(2, _standIn.Counters.Calls("DataService.Write"));
    }

    [Fact]
    public async Task The_pace_is_kept()
    {
        await StoreAsync("f", 3);
        FakeTimeProvider clock = new();
        DateTimeOffset start = clock.GetUtcNow();
        Progress progress = new(clock);
        Task<CheckReport> running = new Scrubber(_objects, _metadata, new ScrubOptions { BytesPerSecond = 10_000 }, clock).RunAsync(progress, Token);
        while (!running.IsCompleted)
        {
            // In small steps: the wait for the next object may begin at any of them.
            clock.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Delay(1, Token);
        }

        Assert.Equal([10_000, 20_000, 30_000], progress.Reports.Select(static report => report.Octets));
        Assert.All(progress.Reports, report => Assert.True(report.At - start >= TimeSpan.FromSeconds(report.Octets / 10_000d) - TimeSpan.FromSeconds(1), $"{report.Octets} bytes at {report.At - start}"));
        Assert.True(clock.GetUtcNow() - start >= TimeSpan.FromSeconds(2), "It took less than two seconds for three.");
        Assert.Equal(3, (await running).ObjectsChecked);
    }

    [Fact]
    public async Task A_store_out_of_reach_ends_the_pass()
    {
        await StoreAsync("f", 3);
        await _standIn.StopAsync();
        await Assert.ThrowsAsync<FtpDriverException>(() => new Scrubber(_objects, _metadata, Fast with { MaxFailuresInARow = 2 }).RunAsync(null, Token));
    }

    private async Task<byte[][]> StoreAsync(string name, int objects)
    {
        byte[][] contents = [.. Enumerable.Range(0, objects).Select(seed => Octets.Make(10_000, seed))];
        List<Extent> extents = [];
        foreach (byte[] content in contents)
        {
            StoredObject stored = await Stores.WriteAsync(_objects, content);
            extents.Add(new Extent(extents.Count * 10_000, 10_000, new ObjectRow(_metadata.NewId(), stored.Length, stored.Hash.XxHash128, stored.Hash.Crc32, stored.Reference)));
        }

        long now = MetadataTime.Now(TimeProvider.System);
        UploadPlan plan = new() { Key = _metadata.NewKey(), Directory = IMetadataTree.Root, Name = name, Owner = "", Kind = UploadKind.Replace, FileMode = 0b110_100_100, Started = now };
        PublishResult published = await _metadata.PublishAsync(new PublishRequest { Plan = plan, Extents = extents, Length = objects * 10_000, ModTime = now }, Token);
        Assert.Equal(Outcome.Done, published.Outcome);
        return contents;
    }

    private async Task<IReadOnlyList<Extent>> ExtentsAsync(string name) => (await _metadata.ReadContentAsync(IMetadataTree.Root, name, 0, 100, Token))!.Extents;

    private static StoredObject ToStored(ObjectRow row) => new(row.Reference!, row.Length, new ObjectHash(row.Hash, row.Crc));

    private sealed class Progress(TimeProvider clock) : IProgress<long>
    {
        private readonly ConcurrentQueue<(long Octets, DateTimeOffset At)> _reports = new();

        public IEnumerable<(long Octets, DateTimeOffset At)> Reports => _reports;

        public void Report(long value) => _reports.Enqueue((value, clock.GetUtcNow()));
    }
}
