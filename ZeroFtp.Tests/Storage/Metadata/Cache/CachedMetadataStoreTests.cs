using Microsoft.Extensions.Time.Testing;
using ZeroFtp.Storage.Metadata;
using ZeroFtp.Storage.Metadata.Cache;
using ZeroFtp.Storage.Metadata.Sqlite;
using ZeroFtp.Storage.Objects;
using ZeroFtp.Tests.Contracts;

namespace ZeroFtp.Tests.Storage.Metadata.Cache;

public sealed class CachedMetadataStoreTests : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("zeroftp-meta").FullName;
    private readonly FakeTimeProvider _clock = new();

    private SqlMetadataStore _inner = null!;
    private CachedMetadataStore _store = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _inner = await SqliteMetadata.OpenAsync(SqliteTests.Options(_directory, new MetadataOptions { Clock = _clock }) with { Durability = Durability.Relaxed }, Token);
        Use(CoherenceMode.Single);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private void Use(CoherenceMode mode, long maxBytes = 64 << 20) => _store = new CachedMetadataStore(_inner, new DirectoryCacheOptions { Mode = mode, MaxBytes = maxBytes }, _clock);

    private async Task<long> TripsAsync(Func<Task> act)
    {
        long before = _inner.RoundTrips;
        await act();
        return _inner.RoundTrips - before;
    }

    private static async Task<List<string>> NamesAsync(IMetadataStore store, long directory = IMetadataTree.Root)
    {
        List<string> names = [];
        await foreach (ReadOnlyMemory<FileRow> page in store.ListAsync(directory, Token))
        {
            foreach (FileRow row in page.Span)
                names.Add(row.Name);
        }
        return names;
    }

    private static ValueTask<TreeResult> MakeAsync(IMetadataStore store, string name, long directory = IMetadataTree.Root) => store.CreateDirectoryAsync(directory, name, 0, "o", Token);

    [Fact]
    public async Task After_a_rename_whose_answer_was_lost_the_directories_are_read_again()
    {
        LosingRunner runner = new(new SqliteRunner(SqliteTests.Options(_directory, new MetadataOptions { Clock = _clock })));
        await using CachedMetadataStore losing = new(new SqlMetadataStore(runner, new MetadataOptions { Clock = _clock }), new DirectoryCacheOptions { Mode = CoherenceMode.Single }, _clock);
        FileRow a = (await MakeAsync(losing, "a")).File!, d = (await MakeAsync(losing, "d")).File!;
        await NamesAsync(losing);
        await NamesAsync(losing, d.Id);
        runner.LoseNext(async () => await MakeAsync(_store, "other", d.Id));
        Assert.Equal(Outcome.Done, (await losing.RenameAsync(a, d.Id, "b", Token)).Outcome);
        Assert.Equal(["d"], await NamesAsync(losing));
        Assert.Equal(["b", "other"], await NamesAsync(losing, d.Id));
    }

    [Fact]
    public async Task A_warm_directory_costs_no_round_trip_and_own_writes_keep_it_warm()
    {
        long d = (await MakeAsync(_store, "d")).File!.Id;
        await NamesAsync(_store);
        await NamesAsync(_store, d);
        for (int i = 0; i < 100; i++)
            await MakeAsync(_store, $"x{i}", d);
        Assert.Equal(0, await TripsAsync(async () =>
        {
            Assert.Equal(100, (await NamesAsync(_store, d)).Count);
            Assert.Equal(2, (await _store.ResolveAsync(IMetadataTree.Root, new[] { "d", "x50" }, Token)).Found.Count);
            Assert.Single((await _store.ResolveAsync(IMetadataTree.Root, new[] { "d", "none" }, Token)).Found);
        }));
    }

    [Fact]
    public async Task A_directory_that_is_asked_for_again_is_loaded()
    {
        await MakeAsync(_inner, "d");
        Assert.Equal(1, await TripsAsync(async () => await _store.ResolveAsync(IMetadataTree.Root, new[] { "d" }, Token)));
        Assert.Equal(1, await TripsAsync(async () => await _store.ResolveAsync(IMetadataTree.Root, new[] { "d" }, Token)));
        Assert.Equal(0, await TripsAsync(async () => await _store.ResolveAsync(IMetadataTree.Root, new[] { "d" }, Token)));
    }

    [Fact]
    public async Task A_directorys_own_row_is_remembered_until_it_or_its_entries_change()
    {
        long d = (await MakeAsync(_store, "d")).File!.Id;
        await NamesAsync(_store, d);
        FileRow row = (await _store.GetDirectoryAsync(d, Token))!;
        Assert.Equal(0, await TripsAsync(async () => Assert.Same(row, await _store.GetDirectoryAsync(d, Token))));

        await MakeAsync(_store, "e", d);
        Assert.Equal(row.DirectoryVersion + 1, (await _store.GetDirectoryAsync(d, Token))!.DirectoryVersion);
        await _store.ChangeFactsAsync(IMetadataTree.Root, "d", new FactUpdate { Mode = 0b111_000_000 }, Token);
        Assert.Equal(0b111_000_000, (await _store.GetDirectoryAsync(d, Token))!.Mode);
        await _store.RenameAsync((await _store.ResolveAsync(IMetadataTree.Root, new[] { "d" }, Token)).Found[0], IMetadataTree.Root, "f", Token);
        Assert.Equal("f", (await _store.GetDirectoryAsync(d, Token))!.Name);
        Assert.Equal(Outcome.Done, (await _store.RemoveTreeAsync((await _store.ResolveAsync(IMetadataTree.Root, new[] { "f" }, Token)).Found[0], Token)).Outcome);
        Assert.Equal(await _inner.GetDirectoryAsync(d, Token), await _store.GetDirectoryAsync(d, Token));
    }

    [Fact]
    public async Task Strict_sees_anothers_change_at_once_for_one_round_trip()
    {
        Use(CoherenceMode.Strict);
        await MakeAsync(_inner, "a");
        await NamesAsync(_store);
        Assert.Equal(1, await TripsAsync(async () => Assert.Equal(["a"], await NamesAsync(_store))));
        await MakeAsync(_inner, "b");
        Assert.Equal(["a", "b"], await NamesAsync(_store));
        Assert.Equal(1, await TripsAsync(async () => Assert.Equal(2, (await NamesAsync(_store)).Count)));
    }

    [Fact]
    public async Task Bounded_sees_it_when_its_time_is_up()
    {
        Use(CoherenceMode.Bounded);
        await MakeAsync(_inner, "a");
        await NamesAsync(_store);
        await MakeAsync(_inner, "b");
        Assert.Equal(0, await TripsAsync(async () => Assert.Equal(["a"], await NamesAsync(_store))));
        _clock.Advance(TimeSpan.FromSeconds(1.1));
        Assert.Equal(["a", "b"], await NamesAsync(_store));
    }

    [Fact]
    public async Task Memory_stays_within_its_limit()
    {
        Use(CoherenceMode.Single, 1 << 20);
        List<long> directories = [];
        for (int i = 0; i < 30; i++)
        {
            long d = (await MakeAsync(_store, $"d{i}")).File!.Id;
            directories.Add(d);
            await Task.WhenAll(Enumerable.Range(0, 1_000).Select(async n => await MakeAsync(_inner, $"n{n:d20}", d)));
        }
        foreach (long d in directories)
        {
            Assert.Equal(1_000, (await NamesAsync(_store, d)).Count);
            Assert.True(_store.Cache.Bytes <= 1 << 20, $"{_store.Cache.Bytes}");
        }
        Assert.True(_store.Cache.Bytes > 200_000);
        Assert.Equal(0, await TripsAsync(async () => await NamesAsync(_store, directories[^1])));
        Assert.NotEqual(0, await TripsAsync(async () => await NamesAsync(_store, directories[0])));
        _store.Cache.Clear();
        Assert.Equal(0, _store.Cache.Bytes);
    }

    [Fact]
    public async Task Many_writers_and_readers_of_one_directory_never_see_less_than_was_acknowledged()
    {
        long d = (await MakeAsync(_store, "d")).File!.Id;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(w => Task.Run(async () =>
        {
            Random random = new(w);
            SortedSet<string> mine = new(StringComparer.Ordinal);
            for (int i = 0; i < 150; i++)
            {
                string name = $"w{w}-{random.Next(30):d2}";
                if (mine.Remove(name))
                    Assert.Equal(Outcome.Done, (await _store.DeleteFileAsync(d, name, null, Token)).Outcome);
                else if (mine.Add(name))
                    Assert.Equal(Outcome.Done, (await _store.CreateLinkAsync(d, name, "t", "o", null, Token)).Outcome);
                if (i % 3 == 0)
                    Assert.Equal(mine, (await NamesAsync(_store, d)).Where(n => n.StartsWith($"w{w}-", StringComparison.Ordinal)));
                Assert.Equal(mine.Contains(name) ? 1 : 0, (await _store.ResolveAsync(d, new[] { name }, Token)).Found.Count);
            }
        }, Token)));
        Assert.Equal(await NamesAsync(_inner, d), await NamesAsync(_store, d));
    }

    [Fact]
    public async Task A_tools_change_is_noticed_though_nothing_was_asked_of_the_store()
    {
        SqliteMetadataOptions options = SqliteTests.Options(_directory, new MetadataOptions()) with { Path = Path.Combine(_directory, "other.db"), Durability = Durability.Relaxed };
        await using CachedMetadataStore cached = await SqliteMetadata.OpenAsync(options, new DirectoryCacheOptions(), Token);
        await MakeAsync(cached, "own");
        Assert.Equal(["own"], await NamesAsync(cached));
        await using (SqlMetadataStore tool = await SqliteMetadata.OpenAsync(options with { Role = MetadataRole.Tool }, Token))
            await MakeAsync(tool, "tool");
        for (long began = Environment.TickCount64; (await NamesAsync(cached)).Count < 2 && Environment.TickCount64 - began < 20_000;)
            await Task.Delay(20, Token);
        Assert.Equal(["own", "tool"], await NamesAsync(cached));
    }

    [Fact]
    public async Task Warming_loads_what_is_below()
    {
        long a = (await MakeAsync(_inner, "a")).File!.Id;
        long b = (await MakeAsync(_inner, "b", a)).File!.Id;
        await MakeAsync(_inner, "c", b);
        await _store.WarmAsync(IMetadataTree.Root, 1, Token);
        Assert.Equal(0, await TripsAsync(async () => await _store.ResolveAsync(IMetadataTree.Root, new[] { "a", "b" }, Token)));
        Assert.Equal(1, await TripsAsync(async () => await _store.ResolveAsync(IMetadataTree.Root, new[] { "a", "b", "c" }, Token)));
    }
}
