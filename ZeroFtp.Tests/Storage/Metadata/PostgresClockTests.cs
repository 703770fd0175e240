using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using ZeroFtp.Storage.Metadata;
using ZeroFtp.Storage.Metadata.Migrations;
using ZeroFtp.Storage.Metadata.Postgres;
using ZeroFtp.Tests.Storage.Support;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Storage.Metadata;

/// <summary>Whose clock decides, and who may say that another front-end is dead.</summary>
public sealed class PostgresClockTests(PostgresServer server) : IAsyncLifetime
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    /// <summary>The clock of the database, in the tests that move it.</summary>
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2031, 4, 5, 6, 7, 8, TimeSpan.Zero)) { AutoAdvanceAmount = TimeSpan.FromMicroseconds(1) };

    private string _database = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _database = await server.TakeDatabaseAsync();

    public async ValueTask DisposeAsync() => await server.GiveBackAsync(_database);

    private ValueTask<SqlMetadataStore> OpenAsync(TimeProvider? clock = null, TimeSpan grace = default) =>
        CockroachMetadata.OpenAsync(PostgresTests.Options(_database, new MetadataOptions { ServerLifetime = Lifetime, Grace = grace, Clock = clock ?? new SetClock(_clock) }) with { UsesDatabaseClock = clock is not null }, Token);

    [Fact]
    public async Task After_an_outage_longer_than_a_lifetime_nobody_who_lives_is_taken_for_dead()
    {
        await using SqlMetadataStore one = await OpenAsync(), two = await OpenAsync();
        await BeatAsync(Lifetime * 2, one, two);
        (long first, long second) = (one.ServerId, two.ServerId);
        foreach (double outage in (double[])[0.8, 1.1, 10])
        {
            _clock.Advance(Lifetime * outage);
            await one.ReapAsync(Token);
            Assert.True(await one.BeatAsync(null, Token));
            await one.ReapAsync(Token);
            await BeatAsync(Lifetime * 0.9, one);
            Assert.True(await two.BeatAsync(null, Token));
            await BeatAsync(Lifetime * 2, one, two);
        }
        Assert.Equal((first, second), (one.ServerId, two.ServerId));
    }

    [Fact]
    public async Task One_that_has_just_begun_takes_nobody_for_dead_until_it_has_beaten_for_a_lifetime()
    {
        await using SqlMetadataStore silent = await OpenAsync();
        long known = silent.ServerId;
        _clock.Advance(Lifetime * 1.2);
        await using SqlMetadataStore check = await OpenAsync();
        Assert.False((await check.ReapAsync(Token)).More);
        await BeatAsync(Lifetime * 0.9, check);
        Assert.False((await check.ReapAsync(Token)).More);
        Assert.Equal(1L, await CountAsync($"server WHERE id = {known} AND expires > 0"));
        await BeatAsync(Lifetime * 0.2, check);
        while ((await check.ReapAsync(Token)).More)
        {
        }
        Assert.Equal(0L, await CountAsync($"server WHERE id = {known}"));
        Assert.False(await silent.BeatAsync(null, Token));
    }

    [Theory]
    [InlineData(0.7)]
    [InlineData(0.9)]
    public async Task A_database_whose_clock_is_set_forward_makes_nobody_dead(double lifetimes)
    {
        await using SqlMetadataStore one = await OpenAsync(new SkewedClock(TimeSpan.Zero)), two = await OpenAsync(new SkewedClock(TimeSpan.Zero));
        await ExecuteAsync($"UPDATE server SET started = started - {Lifetime.TotalMicroseconds * 5}");
        // Set forward, all times are in the past by that much more.
        await ExecuteAsync(string.Create(CultureInfo.InvariantCulture, $"UPDATE server SET started = started - CAST({Lifetime.TotalMicroseconds * lifetimes} AS INT8), expires = expires - CAST({Lifetime.TotalMicroseconds * lifetimes} AS INT8)"));
        await ExecuteAsync(string.Create(CultureInfo.InvariantCulture, $"UPDATE server SET expires = expires - {Lifetime.TotalMicroseconds / 2} WHERE id = {two.ServerId}"));
        await one.ReapAsync(Token);
        Assert.True(await two.BeatAsync(null, Token));
        Assert.True(await one.BeatAsync(null, Token));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task No_clock_of_a_machine_matters(int hours)
    {
        await using SqlMetadataStore right = await OpenAsync(new SkewedClock(TimeSpan.Zero)), wrong = await OpenAsync(new SkewedClock(TimeSpan.FromHours(hours)));
        Assert.InRange(wrong.Now - right.Now, -30_000_000, 30_000_000);
        await ExecuteAsync($"UPDATE server SET started = started - {Lifetime.TotalMicroseconds * 2}");
        await wrong.ReapAsync(Token);
        await right.ReapAsync(Token);
        Assert.True(await right.BeatAsync(null, Token));
        Assert.True(await wrong.BeatAsync(null, Token));

        foreach ((SqlMetadataStore reader, SqlMetadataStore remover) in ((SqlMetadataStore, SqlMetadataStore)[])[(wrong, right), (right, wrong)])
        {
            Assert.Equal(Outcome.Done, (await remover.PublishAsync(Request(remover, "f"), Token)).Outcome);
            long reading = reader.Now;
            await remover.DeleteFileAsync(IMetadataTree.Root, "f", null, Token);
            await reader.BeatAsync(reading, Token);
            await remover.BeatAsync(null, Token);
            Assert.Equal(0, await remover.CollectAsync(10, Token));
            Assert.Equal(0, await reader.CollectAsync(10, Token));
            await reader.BeatAsync(null, Token);
            await remover.BeatAsync(null, Token);
            Assert.NotEqual(0, await remover.CollectAsync(10, Token));
        }
    }

    /// <summary>The time of a unit is its beginning: what it took away is garbage of then, though a download that began a little later still saw it.</summary>
    [Fact]
    public async Task A_download_that_began_while_its_file_was_being_removed_keeps_the_content()
    {
        await using SqlMetadataStore store = await OpenAsync(grace: TimeSpan.FromMinutes(1));
        Assert.Equal(Outcome.Done, (await store.PublishAsync(Request(store, "f"), Token)).Outcome);
        await store.DeleteFileAsync(IMetadataTree.Root, "f", null, Token);
        _clock.Advance(TimeSpan.FromSeconds(20));
        long reading = store.Now;
        _clock.Advance(TimeSpan.FromMinutes(5));
        Assert.True(await store.BeatAsync(reading, Token));
        Assert.Equal(0, await store.CollectAsync(10, Token));
        Assert.True(await store.BeatAsync(null, Token));
        Assert.NotEqual(0, await store.CollectAsync(10, Token));
    }

    [Fact]
    public async Task A_turn_that_was_taken_before_a_clock_was_set_back_is_not_waited_for()
    {
        await using SqlMetadataStore store = await OpenAsync();
        TimeSpan week = TimeSpan.FromDays(7);
        await ExecuteAsync($"INSERT INTO meta (key, value) VALUES ('turn job', '0000{MetadataTime.Now(_clock) + (long)TimeSpan.FromDays(300).TotalMicroseconds} x')");
        Assert.True(await store.TakeTurnAsync("job", week, Token));
        Assert.False(await store.TakeTurnAsync("job", week, Token));
    }

    [Theory]
    [InlineData(86_400, false)]
    [InlineData(-1, false)]
    [InlineData(3, true)]
    public async Task A_migration_waits_for_a_lease_by_the_databases_clock_and_tells_a_long_wait(int seconds, bool waits)
    {
        string text = await server.CreateDatabaseAsync("TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'");
        KeptLog log = new();
        CockroachMetadataOptions options = PostgresTests.Options(text, new MetadataOptions { Clock = new SkewedClock(TimeSpan.FromHours(-1)) }) with { UsesDatabaseClock = true };
        await using (CockroachRunner runner = new(options))
        {
            await new Migrator(runner, false, options.Clock, [.. MigrationSteps.All.Take(3)]).ApplyAsync(Token);
            await server.ExecuteAsync(new NpgsqlConnectionStringBuilder(text).Database!,
                $"INSERT INTO meta (key, value) VALUES ('migration lease', '000' || CAST(CAST(EXTRACT(EPOCH FROM now()) * 1000000 AS INT8) + {seconds * 1_000_000L} AS TEXT) || '/dead')");
            await new Migrator(runner, false, options.Clock, logger: log).ApplyAsync(Token).AsTask().WaitAsync(TimeSpan.FromSeconds(25), Token);
        }
        Assert.Equal(waits, log.Contains("waiting for it"));
        Assert.Equal(0L, await server.ExecuteAsync(new NpgsqlConnectionStringBuilder(text).Database!, "SELECT COUNT(*) FROM meta WHERE key <> 'schema'"));
        await server.DropDatabaseAsync(text);
    }

    private async Task BeatAsync(TimeSpan time, params SqlMetadataStore[] stores)
    {
        for (TimeSpan passed = TimeSpan.Zero; passed < time; passed += Lifetime / 10)
        {
            _clock.Advance(Lifetime / 10);
            foreach (SqlMetadataStore store in stores)
                Assert.True(await store.BeatAsync(null, Token));
        }
    }

    private static PublishRequest Request(SqlMetadataStore store, string name) => new()
    {
        Plan = new UploadPlan { Key = store.NewKey(), Directory = IMetadataTree.Root, Name = name, Owner = "o", Kind = UploadKind.Replace },
        Length = 5,
        Extents = [new Extent(0, 5, new ObjectRow(store.NewId(), 5, 1, 1))],
        ModTime = 1,
    };

    private async Task<long> CountAsync(string rows) => (long)(await server.ExecuteAsync(new NpgsqlConnectionStringBuilder(_database).Database!, "SELECT COUNT(*) FROM " + rows))!;

    private Task ExecuteAsync(string statement) => server.ExecuteAsync(new NpgsqlConnectionStringBuilder(_database).Database!, statement);

    /// <summary>The clock of a machine that is wrong.</summary>
    private sealed class SkewedClock(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }
}
