using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Accounts;
using ZeroFtp.Storage.Content;
using ZeroFtp.Storage.Distributed;
using ZeroFtp.Storage.Driver;
using ZeroFtp.Storage.Embedded;
using ZeroFtp.Storage.Maintenance;
using ZeroFtp.Storage.Metadata.Cache;
using ZeroFtp.Storage.Objects.ZeroStor;
using ZeroFtp.Storage.Options;
using ZeroFtp.Storage.Upgrade;
using ZeroFtp.Tests.Storage.Metadata;
using ZeroFtp.Tests.Storage.Support;
using ZeroFtp.Tests.Storage.ZeroStor;
using ZeroFtp.Tests.Support;
using ZeroFtp.ZeroStor;

namespace ZeroFtp.Tests.Storage;

public sealed class DistributedStorageTests(PostgresServer server) : IAsyncLifetime
{
    private StandIn _standIn = null!;
    private string? _database;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private DistributedStorageOptions Options => new()
    {
        Common = new StorageOptions
        {
            DataDirectory = "unused",
            GarbageGrace = TimeSpan.Zero,
            CollectInterval = Timeout.InfiniteTimeSpan,
            Passwords = new PasswordOptions { Pbkdf2Iterations = 1_000 },
        },
        Metadata = new MetadataServerOptions { ConnectionString = _database! },
        ZeroStor = Stores.Quick(_standIn.Address),
    };

    public async ValueTask InitializeAsync()
    {
        _database = await server.TakeDatabaseAsync();
        _standIn = await StandIn.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _standIn.DisposeAsync();
        await server.GiveBackAsync(_database!);
    }

    [Theory]
    [InlineData(DirectoryCoherence.Strict)]
    [InlineData(DirectoryCoherence.Bounded)]
    public async Task What_one_front_end_stores_the_other_lists_and_serves(DirectoryCoherence coherence)
    {
        DistributedStorageOptions options = Options with { Metadata = Options.Metadata with { Coherence = coherence, MaxAge = TimeSpan.FromMilliseconds(1) } };
        byte[] bytes = Octets.Make(9_000_000);
        await using DistributedStorage one = await DistributedStorage.OpenAsync(options, cancellationToken: Token);
        await using DistributedStorage two = await DistributedStorage.OpenAsync(options, cancellationToken: Token);
        Assert.True(await one.Accounts.AddAsync(new Account { Name = "alice", Home = "/" }, "secret", Token));
        IClientHandlingDriver first = await LoginAsync(one);
        IClientHandlingDriver second = await LoginAsync(two);
        Assert.Empty(await second.ListAsync("/"));
        await first.PutAsync("/a", bytes);
        await Task.Delay(2, Token);
        Assert.Equal([("a", 9_000_000L)], (await second.ListAsync("/")).Select(entry => (entry.Name, entry.Size)));
        Assert.Equal(bytes, await second.GetAsync("/a"));
        await second.DeleteFileAsync(DriverCalls.At("/a"), Token);
        Assert.Null(await first.StatAsync("/a"));
        // The other one may be reading it, until it has said that it is not.
        Assert.Equal(0, (await one.CollectAsync(Token)).ObjectsDeleted);
        Assert.Equal(3, (await two.CollectAsync(Token)).ObjectsDeleted);
        Assert.Equal(0, _standIn.Shards.Parts);
        Assert.True((await two.CheckAsync(new CheckOptions(), Token)).IsClean);
        await two.ProbeAsync(Token);
        Assert.Null(two.AvailableBytes);
    }

    [Fact]
    public async Task A_scrub_restores_what_a_lost_disk_held()
    {
        await using DistributedStorage storage = await DistributedStorage.OpenAsync(Options, cancellationToken: Token);
        await storage.Accounts.AddAsync(new Account { Name = "alice", Home = "/" }, "secret", Token);
        IClientHandlingDriver driver = await LoginAsync(storage);
        byte[] bytes = Octets.Make(300_000);
        await driver.PutAsync("/a", bytes);
        Assert.Equal(1, _standIn.Shards.Lose(1));
        CheckReport found = await storage.ScrubAsync(new ScrubOptions { Repair = false }, null, Token);
        Assert.Equal((CheckFindingKind.DegradedObject, false), found.Findings.Select(finding => (finding.Kind, finding.IsRepaired)).Single());
        Assert.Equal(1, (await storage.ScrubAsync(new ScrubOptions(), null, Token)).RepairedCount);
        Assert.True((await storage.CheckAsync(new CheckOptions(), Token)).IsClean);
        Assert.True(_standIn.Shards.Lose(2) > 0);
        Assert.Equal(bytes, await driver.GetAsync("/a"));
    }

    [Fact]
    public async Task The_background_restores_it_too_on_one_of_the_front_ends()
    {
        DistributedStorageOptions options = Options with { Common = Options.Common with { ScrubInterval = TimeSpan.FromSeconds(1), ScrubBytesPerSecond = 0 } };
        await using DistributedStorage one = await DistributedStorage.OpenAsync(options, cancellationToken: Token);
        await using DistributedStorage two = await DistributedStorage.OpenAsync(options, cancellationToken: Token);
        await one.Accounts.AddAsync(new Account { Name = "alice", Home = "/" }, "secret", Token);
        IClientHandlingDriver driver = await LoginAsync(one);
        byte[] bytes = Octets.Make(300_000);
        await driver.PutAsync("/a", bytes);
        Assert.Equal(1, _standIn.Shards.Lose(1));
        await DistributedCluster.UntilAsync("the object is repaired", async () => (await one.ScrubAsync(new ScrubOptions { Repair = false, BytesPerSecond = 0 }, null, Token)).IsClean);
        Assert.True(_standIn.Shards.Lose(2) > 0);
        Assert.Equal(bytes, await driver.GetAsync("/a"));
    }

    [Fact]
    public async Task A_warm_up_loads_directories_and_passes_over_what_is_missing()
    {
        await using StorageHarness store = await StorageHarness.OpenDistributedAsync(server, options => options with { WarmUpDirectories = ["/missing", "/a/f", "/a"], WarmUpDepth = 1 });
        StorageDriver driver = store.Login();
        foreach (string path in (string[])["/a", "/a/b", "/a/b/c"])
            await driver.MakeAsync(path);
        await driver.PutAsync("/a/f", [1]);
        CachedMetadataStore cached = (CachedMetadataStore)store.Metadata;
        Assert.Null(cached.Cache.Find(await store.IdAsync("/a"))?.Directory);
        await using DirectoryWarmUp warmUp = new(store.Context);
        await warmUp.Completion;
        Assert.Equal(2, cached.Cache.Find(await store.IdAsync("/a"))?.Directory?.Count);
        Assert.Equal(1, cached.Cache.Find(await store.IdAsync("/a/b"))?.Directory?.Count);
        Assert.Null(cached.Cache.Find(await store.IdAsync("/a/b/c"))?.Directory);
    }

    [Fact]
    public async Task Faults_of_the_options_are_named_at_once_and_an_unknown_host_in_a_line()
    {
        DistributedStorageOptions wrong = Options with { Metadata = new MetadataServerOptions { ConnectionString = " ", Timeout = TimeSpan.Zero }, ZeroStor = new ZeroStorOptions { Daemons = [] } };
        Assert.Equal(3, wrong.Validate().Count);
        ArgumentException exception = await Assert.ThrowsAsync<ArgumentException>(async () => await DistributedStorage.OpenAsync(wrong, cancellationToken: Token));
        Assert.All(wrong.Validate(), fault => Assert.Contains(fault, exception.Message, StringComparison.Ordinal));
        DistributedStorageOptions nowhere = Options with { Metadata = new MetadataServerOptions { ConnectionString = "Host=/nowhere;Username=x;Password=geheim", Timeout = TimeSpan.FromMilliseconds(100) } };
        IOException failure = await Assert.ThrowsAnyAsync<IOException>(async () => await DistributedStorage.OpenAsync(nowhere, cancellationToken: Token));
        Assert.DoesNotContain("geheim", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_newer_schema_is_refused_and_an_older_one_waits_for_the_migration()
    {
        string empty = await server.CreateDatabaseAsync("TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'");
        DistributedStorageOptions options = Options with { Metadata = new MetadataServerOptions { ConnectionString = empty, Migrate = false } };
        IReadOnlyList<SchemaStep> planned = await SchemaMigration.RunAsync(options, apply: false, cancellationToken: Token);
        Assert.True(planned.Count > 10);
        Assert.Contains("migrate --apply", (await Assert.ThrowsAnyAsync<IOException>(async () => await DistributedStorage.OpenAsync(options, cancellationToken: Token))).Message, StringComparison.Ordinal);
        Assert.Equal(planned, await SchemaMigration.RunAsync(options, apply: true, cancellationToken: Token));
        Assert.Empty(await SchemaMigration.RunAsync(options, apply: false, cancellationToken: Token));
        await (await DistributedStorage.OpenAsync(options, cancellationToken: Token)).DisposeAsync();
        await server.ExecuteAsync(new Npgsql.NpgsqlConnectionStringBuilder(empty).Database!, "UPDATE meta SET value = '9999' WHERE key = 'schema'");
        Assert.Contains("newer", (await Assert.ThrowsAnyAsync<IOException>(async () => await DistributedStorage.OpenAsync(options, cancellationToken: Token))).Message, StringComparison.Ordinal);
        await server.DropDatabaseAsync(empty);
    }

    private static async Task<IClientHandlingDriver> LoginAsync(DistributedStorage storage)
    {
        LoginResult result = await storage.Driver.AuthenticateAsync(new LoginRequest { Session = new TestSession(), User = "alice", Password = "secret" }, Token);
        return Assert.IsType<LoginResult.Accepted>(result).Driver;
    }
}
