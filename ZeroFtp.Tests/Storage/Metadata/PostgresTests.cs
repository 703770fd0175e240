using Npgsql;
using ZeroFtp.Storage.Metadata;
using ZeroFtp.Storage.Metadata.Migrations;
using ZeroFtp.Storage.Metadata.Postgres;
using ZeroFtp.Tests.Contracts;

namespace ZeroFtp.Tests.Storage.Metadata;

/// <summary>What only the store on a server does: connecting, retrying, counting round trips.</summary>
public sealed class PostgresTests(PostgresServer server) : IAsyncLifetime
{
    private readonly SqlFaults _faults = new();

    private string? _database;
    private SqlMetadataStore? _store;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    internal static CockroachMetadataOptions Options(string connectionString, MetadataOptions options) => new()
    {
        ConnectionString = connectionString,
        ServerName = options.ServerName,
        Clock = options.Clock,
        Grace = options.Grace,
        ServerLifetime = options.ServerLifetime,
        Role = options.Role,
        Migrate = options.Migrate,
        UsesDatabaseClock = options.Clock == TimeProvider.System,
    };

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_store is not null)
            await _store.DisposeAsync();
        if (_database is not null)
            await server.GiveBackAsync(_database);
    }

    private async Task<SqlMetadataStore> OpenAsync()
    {
        _database ??= await server.TakeDatabaseAsync();
        return await CockroachMetadata.OpenAsync(Options(_database, new MetadataOptions()) with { Faults = _faults, UnitTimeout = TimeSpan.FromSeconds(60), Attempts = 40 }, Token);
    }

    private async Task<SqlMetadataStore> StoreAsync() => _store ??= await OpenAsync();

    private static PublishRequest Request(SqlMetadataStore store, string name, long length, UploadKind kind = UploadKind.Replace, FileRow? onto = null) => new()
    {
        Plan = new UploadPlan { Key = store.NewKey(), Directory = IMetadataTree.Root, Name = name, Owner = "o", Kind = kind, Base = onto },
        Length = length,
        Extents = [new Extent(0, length, new ObjectRow(store.NewId(), length, 1, 1))],
        ModTime = 1,
    };

    [Fact]
    public async Task Usage_that_was_counted_wrong_is_counted_again()
    {
        SqlMetadataStore store = await StoreAsync();
        await store.PublishAsync(Request(store, "f", 5), Token);
        await using (NpgsqlConnection connection = new(_database))
        {
            await connection.OpenAsync(Token);
            await using NpgsqlCommand command = new("UPDATE usage SET bytes = bytes + 7; INSERT INTO usage (owner, slot, bytes, files) VALUES ('nobody', 0, 3, 1)", connection);
            await command.ExecuteNonQueryAsync(Token);
        }
        Assert.Equal(2, (await store.CheckAsync(Token))["wrong usage"]);
        Assert.True(await store.RepairUsageAsync(Token));
        Assert.Equal(0, (await store.CheckAsync(Token))["wrong usage"]);
        Assert.Equal(new Usage(5, 1), await store.GetUsageAsync("o", Token));
        Assert.Equal(new Usage(0, 0), await store.GetUsageAsync("nobody", Token));
    }

    [Fact]
    public async Task Each_operation_takes_the_round_trips_that_it_is_documented_to_take()
    {
        SqlMetadataStore store = await StoreAsync();
        FileRow d = (await CountAsync(1, async () => await store.CreateDirectoryAsync(IMetadataTree.Root, "d", 0, "o", Token))).File!;
        await CountAsync(1, async () => await store.ResolveAsync(IMetadataTree.Root, new[] { "d", "e", "f" }, Token));
        FileRow f = (await CountAsync(1, async () => await store.PublishAsync(Request(store, "f", 5), Token))).File!;
        f = (await CountAsync(1, async () => await store.PublishAsync(Request(store, "f", 6), Token))).File!;
        await CountAsync(1, async () => await store.PublishAsync(Request(store, "f", 6, UploadKind.Append, f), Token));
        f = (await CountAsync(1, async () => await store.ReadContentAsync(IMetadataTree.Root, "f", 0, 10, Token)))!.File;
        await CountAsync(1, async () => await store.ReadSnapshotAsync(f, store.ServerId, 0, 10, Token));
        await CountAsync(1, async () => await store.ChangeFactsAsync(IMetadataTree.Root, "f", new FactUpdate(1), Token));
        await CountAsync(1, async () => await store.RenameAsync(f, d.Id, "g", Token));
        await CountAsync(1, async () => await store.DeleteFileAsync(d.Id, "g", null, Token));
        await CountAsync(1, async () => await store.RemoveDirectoryAsync(d, Token));
        await CountAsync(1, async () => await store.BeatAsync(null, Token));
        await store.ReserveObjectIdAsync(Token);
        await CountAsync(0, async () => await store.ReserveObjectIdAsync(Token));

        Extent[] extents = [.. Enumerable.Range(0, 300).Select(i => new Extent(i * 10L, 10, new ObjectRow(store.NewId(), 10, 1, 1)))];
        PublishRequest big = Request(store, "big", 3_000) with { Extents = extents };
        Assert.Equal(Outcome.Done, (await CountAsync(5, async () => await store.PublishAsync(big, Token))).Outcome);

        async Task<T> CountAsync<T>(long expected, Func<Task<T>> act)
        {
            long before = store.RoundTrips;
            T result = await act();
            Assert.Equal(expected, store.RoundTrips - before);
            return result;
        }
    }

    [Fact]
    public async Task Aborted_units_are_run_again_and_lost_answers_are_found_again()
    {
        SqlMetadataStore store = await StoreAsync();
        _faults.Next("CreateDirectory", 2, 2);
        TreeResult made = await store.CreateDirectoryAsync(IMetadataTree.Root, "d", 0, "o", Token);
        Assert.Equal(Outcome.Done, made.Outcome);
        _faults.Next("Publish", 1, 2);
        PublishRequest request = Request(store, "f", 7);
        Assert.Equal(Outcome.Done, (await store.PublishAsync(request, Token)).Outcome);
        _faults.Next("Publish", 0, 1);
        PublishResult replaced = await store.PublishAsync(Request(store, "f", 9), Token);
        Assert.Equal((Outcome.Done, 9L, 2L), (replaced.Outcome, replaced.File!.Size, replaced.File.Version));
        _faults.Next("PublishOnto", 1, 2);
        PublishResult added = await store.PublishAsync(Request(store, "f", 4, UploadKind.Append, replaced.File), Token);
        Assert.Equal(Outcome.Done, added.Outcome);
        Assert.Equal(13, (await store.ReadContentAsync(IMetadataTree.Root, "f", 0, 10, Token))!.File.Size);
        _faults.Next("CreateLink", 0, 2);
        FileRow link = (await store.CreateLinkAsync(IMetadataTree.Root, "l", "t", "o", null, Token)).File!;
        _faults.Next("RenameFile", 0, 2);
        Assert.Equal(Outcome.Done, (await store.RenameAsync(link, made.File!.Id, "l2", Token)).Outcome);
        Assert.Equal(new Usage(13, 2), await store.GetUsageAsync("o", Token));
        FileRow moved2 = (await store.ResolveAsync(made.File.Id, new[] { "l2" }, Token)).Found[0];
        _faults.Next("DeleteFile", 0, 1);
        Assert.Equal(Outcome.Done, (await store.DeleteFileAsync(made.File.Id, "l2", moved2, Token)).Outcome);
        _faults.Next("MoveDirectory", 0, 1);
        TreeResult moved = await store.RenameAsync(made.File, IMetadataTree.Root, "d2", Token);
        Assert.Equal(Outcome.Done, moved.Outcome);
        _faults.Next("RemoveDirectory", 0, 1);
        Assert.Equal(Outcome.Done, (await store.RemoveDirectoryAsync(moved.File!, Token)).Outcome);
        Assert.Equal(18, _faults.Count);
        Assert.All(await store.CheckAsync(Token), static x => Assert.True(x.Value == 0, x.Key));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public async Task An_upload_that_was_reaped_while_its_answer_was_lost_is_not_taken_for_published(bool journalled, bool append)
    {
        SqlMetadataStore store = await StoreAsync();
        await using SqlMetadataStore other = await OpenAsync();
        PublishResult old = await store.PublishAsync(Request(store, "f", 5), Token);
        ObjectRow content = new(await store.ReserveObjectIdAsync(Token), 10, 1, 1);
        PublishRequest request = Request(store, "f", 10, append ? UploadKind.Append : UploadKind.Replace, append ? old.File : null) with { Extents = [new Extent(0, 10, content)] };
        request = request with { Plan = request.Plan with { Server = store.ServerId } };
        if (journalled)
        {
            Assert.True(await store.JournalAsync(request.Plan, request.Extents, Token));
            request = request with { Extents = [] };
        }
        _faults.Instead = (append ? "PublishOnto" : "Publish", () => ReapAsync().GetAwaiter().GetResult());
        PublishResult result = await store.PublishAsync(request, Token);
        Assert.Equal(Outcome.Fenced, result.Outcome);
        Assert.Equal(5, (await other.ReadContentAsync(IMetadataTree.Root, "f", 0, 10, Token))!.File.Size);
        Assert.All(await other.CheckAsync(Token), static x => Assert.True(x.Value == 0, x.Key));

        async Task ReapAsync()
        {
            await using (NpgsqlConnection connection = new(_database))
            {
                await connection.OpenAsync(Token);
                await using NpgsqlCommand expire = new("UPDATE server SET expires = 0 WHERE id = " + store.ServerId, connection);
                Assert.Equal(1, await expire.ExecuteNonQueryAsync(Token));
            }
            while ((await other.ReapAsync(Token)).More)
            {
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Parts_whose_publication_lost_its_answer_are_consumed_once(bool append)
    {
        SqlMetadataStore store = await StoreAsync();
        FileRow? onto = append ? (await store.PublishAsync(Request(store, "f", 3), Token)).File : null;
        FileRow part = (await store.PublishAsync(Request(store, "p", 5), Token)).File!;
        UploadPlan plan = Request(store, "f", 0, UploadKind.Append, onto).Plan with { Server = store.ServerId };
        Assert.Equal(5, await store.JournalCopyAsync(plan, part, 0, 5, 0, Token));
        PublishRequest request = new() { Plan = plan, Length = 5, ModTime = 1, Parts = [part] };
        _faults.Next(append ? "PublishOnto" : "Publish", 1, 2);
        Assert.Equal(Outcome.Done, (await store.PublishAsync(request, Token)).Outcome);
        Assert.Equal(new Usage(append ? 8 : 5, 1), await store.GetUsageAsync("o", Token));
        // A late repetition finds neither its row nor the part that somebody has stored since.
        Assert.Equal(Outcome.Done, (await store.PublishAsync(Request(store, "p", 5), Token)).Outcome);
        Assert.NotEqual(Outcome.Done, append ? (await store.PublishAsync(request, Token)).Outcome : Outcome.Fenced);
        Assert.NotNull(await store.ReadContentAsync(IMetadataTree.Root, "p", 0, 1, Token));
        Assert.Equal(append ? 8 : 5, (await store.ReadContentAsync(IMetadataTree.Root, "f", 0, 1, Token))!.File.Size);
        Assert.All(await store.CheckAsync(Token), static x => Assert.True(x.Value == 0, x.Key));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_removal_whose_answer_was_lost_leaves_what_was_stored_after_it(bool removedBefore)
    {
        SqlMetadataStore store = await StoreAsync();
        await using SqlMetadataStore other = await OpenAsync();
        FileRow known = (await store.PublishAsync(Request(store, "f", 5), Token)).File!;
        _faults.Instead = ("DeleteFile", () => StoreAnewAsync().GetAwaiter().GetResult());
        // The one that was known is gone, by another's hand.
        Assert.Equal(Outcome.NotFound, (await store.DeleteFileAsync(IMetadataTree.Root, "f", known, Token)).Outcome);
        Assert.Equal(7, (await store.ReadContentAsync(IMetadataTree.Root, "f", 0, 1, Token))!.File.Size);

        async Task StoreAnewAsync()
        {
            if (removedBefore)
                await other.DeleteFileAsync(IMetadataTree.Root, "f", known, Token);
            Assert.Equal(Outcome.Done, (await other.PublishAsync(Request(other, "f", 7), Token)).Outcome);
        }
    }

    [Fact]
    public async Task There_are_as_many_marks_as_operations_at_once_and_those_of_the_past_are_removed()
    {
        SqlMetadataStore store = await StoreAsync();
        for (int i = 0; i < 20; i++)
            await store.CreateDirectoryAsync(IMetadataTree.Root, $"d{i}", 0, "o", Token);
        string database = new NpgsqlConnectionStringBuilder(_database).Database!;
        Assert.Equal(1L, await server.ExecuteAsync(database, "SELECT COUNT(*) FROM mark"));
        await server.ExecuteAsync(database, "INSERT INTO mark SELECT 1, 1, made - 86400000001 FROM mark");
        Assert.Equal(2L, await server.ExecuteAsync(database, "SELECT COUNT(*) FROM mark"));
        await store.ReapAsync(Token);
        Assert.Equal(1L, await server.ExecuteAsync(database, "SELECT COUNT(*) FROM mark"));
    }

    [Fact]
    public async Task A_change_whose_answer_was_lost_is_settled_in_the_round_trips_that_it_takes()
    {
        SqlMetadataStore store = await StoreAsync();
        _faults.Next("CreateDirectory", 0, 1);
        long before = store.RoundTrips;
        TreeResult made = await store.CreateDirectoryAsync(IMetadataTree.Root, "d", 0, "o", Token);
        Assert.Equal((Outcome.Done, 0L, 3L), (made.Outcome, made.DirectoryVersion, store.RoundTrips - before));
        Assert.Equal(made.File!.Id, (await store.ResolveAsync(IMetadataTree.Root, new[] { "d" }, Token)).Found[0].Id);
    }

    [Fact]
    public async Task A_unit_that_can_never_be_sent_ends_as_unavailable()
    {
        MetadataException fault = await Assert.ThrowsAsync<MetadataException>(async () => await CockroachMetadata.OpenAsync(
            new CockroachMetadataOptions { ConnectionString = "Host=/nonexistent;Username=x", UnitTimeout = TimeSpan.FromMilliseconds(200), LongestWait = TimeSpan.FromMilliseconds(5) }, Token));
        Assert.Equal(MetadataError.Unavailable, fault.Error);
    }

    [Fact]
    public async Task Two_front_ends_keep_every_invariant_while_connections_are_killed_and_units_abort()
    {
        SqlMetadataStore one = await StoreAsync();
        await using SqlMetadataStore two = await OpenAsync();
        long home = (await one.CreateDirectoryAsync(IMetadataTree.Root, "home", 0, "o", Token)).File!.Id;
        MetadataTorture torture = new([one, two], home, 16, TimeProvider.System);
        _faults.Likelihood = 0.02;
        TimeSpan duration = MetadataTorture.Duration;
        Task running = torture.RunAsync(23, duration, Token);
        int killed = 0;
        while (!running.IsCompleted)
        {
            object? count = await server.ExecuteAsync(new NpgsqlConnectionStringBuilder(_database).Database!, """
                SELECT COUNT(pg_terminate_backend(pid)) FROM (SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND state = 'active' ORDER BY random() LIMIT 2) AS x
                """);
            killed += (int)(long)count!;
            await Task.WhenAny(running, Task.Delay(100, Token));
        }
        await running;
        _faults.Likelihood = 0;
        await torture.VerifyAsync(Token);
        Assert.True(killed > 0, "No connection was killed.");
        Assert.True(_faults.Count > 0, "No fault was injected.");
        TestContext.Current.SendDiagnosticMessage($"{torture.Operations} operations, {killed} connections killed, {_faults.Count} faults injected, {torture.Unknown} without a known end");
    }

    /// <summary>Several times, since who is first with which table is chance.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(7)]
    public async Task Front_ends_may_migrate_at_once(int count)
    {
        string text = await server.CreateDatabaseAsync("TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'");
        SqlMetadataStore[] stores = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => Task.Run(async () => await CockroachMetadata.OpenAsync(Options(text, new MetadataOptions()), Token))));
        foreach (SqlMetadataStore store in stores)
        {
            Assert.True(await store.BeatAsync(null, Token));
            await store.DisposeAsync();
        }
        await using CockroachRunner runner = new(Options(text, new MetadataOptions()));
        Migrator migrator = new(runner, false, TimeProvider.System);
        Assert.Equal(MigrationSteps.All.Count, await migrator.GetVersionAsync(Token));
        Assert.Equal(0L, await server.ExecuteAsync(new NpgsqlConnectionStringBuilder(text).Database!, "SELECT COUNT(*) FROM meta WHERE key <> 'schema'"));
        await server.DropDatabaseAsync(text);
    }

    [Fact]
    public async Task A_database_that_orders_names_otherwise_is_refused()
    {
        string text = await server.CreateDatabaseAsync("TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'en' LC_COLLATE 'C' LC_CTYPE 'C'");
        MetadataException fault = await Assert.ThrowsAsync<MetadataException>(async () => await CockroachMetadata.OpenAsync(Options(text, new MetadataOptions()), Token));
        Assert.Equal(MetadataError.Unusable, fault.Error);
        Assert.Contains("LC_COLLATE 'C'", fault.Message, StringComparison.Ordinal);
        await server.DropDatabaseAsync(text);
    }

    [Fact]
    public async Task A_unit_that_is_aborted_many_times_in_a_row_still_has_its_time()
    {
        _database = await server.TakeDatabaseAsync();
        SqlFaults faults = new();
        await using SqlMetadataStore store = await CockroachMetadata.OpenAsync(Options(_database, new MetadataOptions()) with { Faults = faults }, Token);
        faults.Next("CreateDirectory", 20, 0);
        Assert.Equal(Outcome.Done, (await store.CreateDirectoryAsync(IMetadataTree.Root, "d", 0, "o", Token)).Outcome);
    }

    [Fact]
    public async Task A_connection_that_loses_commits_in_a_crash_is_refused()
    {
        _database = await server.TakeDatabaseAsync();
        MetadataException fault = await Assert.ThrowsAsync<MetadataException>(
            async () => await CockroachMetadata.OpenAsync(Options(_database + ";Options=-c synchronous_commit=off", new MetadataOptions()), Token));
        Assert.Contains("synchronous_commit", fault.Message, StringComparison.Ordinal);
        Assert.Equal(MetadataError.Unusable, fault.Error);
    }

    [Fact]
    public async Task A_connection_that_is_not_serializable_is_refused()
    {
        _database = await server.TakeDatabaseAsync();
        await using CockroachRunner weak = new(Options(_database, new MetadataOptions()), NpgsqlDataSource.Create(_database));
        MetadataException fault = await Assert.ThrowsAsync<MetadataException>(async () => await CockroachMetadata.VerifyAsync(weak, Token));
        Assert.Contains("'read committed', not 'serializable'", fault.Message, StringComparison.Ordinal);
        await using CockroachRunner strong = new(Options(_database, new MetadataOptions()));
        await CockroachMetadata.VerifyAsync(strong, Token);
    }
}
