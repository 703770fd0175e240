using Npgsql;
using ZeroFtp.Storage.Metadata;
using ZeroFtp.Storage.Metadata.Postgres;

namespace ZeroFtp.Tests.Storage.Metadata;

/// <summary>
/// PostgreSQL finds what a unit needs by indexes, however large the tables are and whatever it knows of them. A unit that reads a whole table is slow, and at SERIALIZABLE it conflicts with every change of
/// that table.
/// </summary>
public sealed class PlanTests(PostgresServer server) : IAsyncLifetime
{
    // A row for each account, rule, front-end or change of an account, which units may read whole; and the daily removal of old marks, whose index on times would cost every other unit more.
    private static readonly string[] Small = ["mark", "account", "dir_rule", "server", "meta", "reserve", "account_change", "account_change_seen"];

    private string? _database;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>What the planner knows when the tables are large.</summary>
    public enum Statistics
    {
        None,
        OfEmptyTables,
        Current,
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_database is not null)
            await server.DropDatabaseAsync(_database);
    }

    [Theory]
    [InlineData(Statistics.None)]
    [InlineData(Statistics.OfEmptyTables)]
    [InlineData(Statistics.Current)]
    public async Task No_unit_reads_a_whole_table(Statistics statistics)
    {
        _database = await server.CreateDatabaseAsync("TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'");
        CockroachMetadataOptions options = PostgresTests.Options(_database, new MetadataOptions());
        await (await CockroachMetadata.OpenAsync(options, Token)).DisposeAsync();
        if (statistics == Statistics.OfEmptyTables)
            await ExecuteAsync("ANALYZE");
        await FillAsync();
        if (statistics == Statistics.Current)
            await ExecuteAsync("ANALYZE");

        await using NpgsqlDataSource source = CockroachConnections.Build(_database);
        ExplainingRunner runner = new(new CockroachRunner(options), source);
        await using SqlMetadataStore store = new(runner, options);
        await store.RegisterAsync(alone: false, Token);
        await UseAsync(store);

        string[] expected = ["CreateDirectory", "CreateLink", "RenameFile", "MoveDirectory", "RemoveDirectory", "RemoveTree", "DeleteFile", "Publish", "PublishOnto", "Journal", "Drop", "Resolve", "DropExtents", "ReapEntries"];
        Assert.Empty(expected.Except(runner.Units));
        string[] scans = [.. runner.Scans.Where(static scan => !Small.Contains(scan[(scan.LastIndexOf(' ') + 1)..])).Order()];
        Assert.True(scans.Length == 0, string.Join('\n', scans));
    }

    /// <summary>Every operation that serving and upkeep use; checks of the whole store read all of it, and are left out.</summary>
    private static async Task UseAsync(SqlMetadataStore store)
    {
        const long root = IMetadataTree.Root;
        FileRow a = (await store.CreateDirectoryAsync(root, "a", 0b111_101_101, "o", Token)).File!;
        FileRow b = (await store.CreateDirectoryAsync(a.Id, "b", 0b111_101_101, "o", Token)).File!;
        await store.CreateLinkAsync(a.Id, "link", "b", "o", 100_000, Token);
        await store.SaveAccountAsync(new AccountRow { Name = "alice", PasswordHash = "", Home = a.Id, Settings = "", Rules = [new AccountRule(b.Id, 1)] }, exists: false, null, Token);

        FileRow file = await PublishAsync(store, b.Id, "file", 10, UploadKind.Replace, null, quota: 1_000_000);
        await PublishAsync(store, b.Id, "file", 10, UploadKind.Append, file, quota: 1_000_000);
        file = (await store.ResolveAsync(b.Id, new[] { "file" }, Token)).Found[0];
        await PublishAsync(store, b.Id, "file", 5, UploadKind.Overwrite, file, quota: null);
        file = (await store.ResolveAsync(root, new[] { "a", "b", "file" }, Token)).Found[2];
        await store.ReadContentAsync(b.Id, "file", 0, 100, Token);
        await store.ReadExtentsAsync(file, 0, 100, Token);
        await store.ReadSnapshotAsync(file, 0, 0, 100, Token);
        await store.CountExtentsAsync(file, 100, Token);
        await store.ReadPageAsync(root, "", 1000, Token);
        await store.ReadVersionsAsync([root, a.Id], Token);
        await store.GetDirectoryAsync(b.Id, Token);
        await store.GetUsageAsync("o", Token);
        await store.ChangeFactsAsync(b.Id, "file", new FactUpdate { Mode = 0b110_100_100 }, Token);

        PublishRequest given = Request(store, b.Id, "given up", 10, UploadKind.Replace, null, null);
        await store.JournalAsync(given.Plan, given.Extents, Token);
        await store.AbandonAsync(given with { Extents = [] }, keepPartial: false, Token);

        file = (await store.ResolveAsync(b.Id, new[] { "file" }, Token)).Found[0];
        file = (await store.RenameAsync(file, a.Id, "moved", Token)).File!;
        FileRow c = (await store.CreateDirectoryAsync(a.Id, "c", 0b111_101_101, "o", Token)).File!;
        c = (await store.RenameAsync(c, root, "d", Token)).File!;
        FileRow e = (await store.CreateDirectoryAsync(c.Id, "e", 0b111_101_101, "o", Token)).File!;
        await PublishAsync(store, e.Id, "lost", 10, UploadKind.Replace, null, quota: null);
        await store.CreateDirectoryAsync(root, "empty", 0b111_101_101, "o", Token);
        await store.RemoveDirectoryAsync((await store.ResolveAsync(root, new[] { "empty" }, Token)).Found[0], Token);
        await store.RemoveTreeAsync(c, Token);
        // With a removed tree in the trash, the ancestors are examined.
        await store.CreateDirectoryAsync(b.Id, "late", 0b111_101_101, "o", Token);
        await store.DeleteFileAsync(a.Id, "moved", file, Token);

        await store.BeatAsync(null, Token);
        while ((await store.ReapAsync(Token)).More)
        {
            // One directory at a time.
        }
        await store.CollectAsync(100, Token);
        IReadOnlyList<ObjectRow> dead = await store.TakeDeadObjectsAsync(4, TimeSpan.FromMinutes(1), Token);
        await store.FindUnknownObjectsAsync([1, 2, 3], Token);
        await store.FindPathsAsync(1, 10, Token);
        await store.ReplaceReferenceAsync(new ObjectRow(1, 1, 1, 1) { Reference = "new" }, "old", null, Token);
        await store.ScanExtentsAsync("", 0, 100, Token);
        Assert.NotEmpty(dead);
    }

    private static PublishRequest Request(SqlMetadataStore store, long directory, string name, long length, UploadKind kind, FileRow? onto, long? quota) => new()
    {
        Plan = new UploadPlan { Key = store.NewKey(), Directory = directory, Name = name, Owner = "o", Kind = kind, Base = onto, Offset = kind == UploadKind.Append ? onto!.Size : 0 },
        Length = length,
        Extents = [new Extent(0, length, new ObjectRow(store.NewId(), length, 1, 1))],
        ModTime = 1,
        QuotaBytes = quota,
        QuotaFiles = quota,
    };

    private static async Task<FileRow> PublishAsync(SqlMetadataStore store, long directory, string name, long length, UploadKind kind, FileRow? onto, long? quota)
    {
        PublishResult result = await store.PublishAsync(Request(store, directory, name, length, kind, onto, quota), Token);
        Assert.Equal(Outcome.Done, result.Outcome);
        return result.File!;
    }

    private Task FillAsync() => ExecuteAsync("""
        INSERT INTO path (id, ver) SELECT 1000000 + g, 1 FROM generate_series(1, 5000) g;
        INSERT INTO file (id, path_id, name, is_dir, filemode, mod_time, birth_time, owner)
        SELECT 1000000 + g, CASE WHEN g < 10 THEN 1 ELSE 1000000 + g / 10 END, 'directory' || g, TRUE, 493, 1, 1, 'o' FROM generate_series(1, 5000) g;
        INSERT INTO file (id, path_id, name, is_dir, filemode, mod_time, birth_time, size, stor_key, owner)
        SELECT 2000000 + g, 1000000 + g % 5000 + 1, 'file' || g, FALSE, 420, 1, 1, 10, 'key' || g, 'o' || g % 1000 FROM generate_series(1, 60000) g;
        INSERT INTO extent (stor_key, start, length, object, object_offset, object_length, hash, crc, ref) SELECT 'key' || g, 0, 10, 3000000 + g, 0, 10, '\x000102030405060708090a0b0c0d0e0f', 1, 'reference' FROM generate_series(1, 60000) g;
        INSERT INTO garbage (stor_key, size, made, due) SELECT 'dead' || g, 10, g, g FROM generate_series(1, 20000) g;
        INSERT INTO extent (stor_key, start, length, object, object_offset, object_length, hash, crc, ref) SELECT 'dead' || g, 0, 10, 4000000 + g, 0, 10, '\x000102030405060708090a0b0c0d0e0f', 1, 'reference' FROM generate_series(1, 20000) g;
        INSERT INTO garbage_object (object, length, hash, crc, ref, made, due) SELECT 5000000 + g, 10, '\x000102030405060708090a0b0c0d0e0f', 1, 'reference', g, g FROM generate_series(1, 20000) g;
        INSERT INTO usage (owner, slot, bytes, files) SELECT 'o' || g / 16, g % 16, 10, 1 FROM generate_series(1, 16000) g;
        INSERT INTO mark (id, run, made) SELECT g, 1, 1 FROM generate_series(1, 20000) g;
        INSERT INTO server (id, name, started, oldest, expires) SELECT g, 'server' || g, 1, 8000000000000000000, 9000000000000000000 FROM generate_series(1, 20) g;
        INSERT INTO upload (server_id, stor_key, path_id, name, owner, kind, filemode, start, repeats, keep, length, started)
        SELECT g % 20 + 1, 'running' || g, 1, 'running' || g, 'o', 0, 420, 0, 0, FALSE, 10, 1 FROM generate_series(1, 20000) g;
        INSERT INTO account (name, pass, path_id, permissions, admin, disabled, addresses, settings) SELECT 'account' || g, '', 1000000 + g, 0, FALSE, FALSE, '', '' FROM generate_series(1, 500) g;
        INSERT INTO dir_rule (account, path_id, permissions) SELECT 'account' || g, 1000500 + g, 0 FROM generate_series(1, 500) g;
        """);

    private async Task ExecuteAsync(string text)
    {
        await using NpgsqlConnection connection = new(_database);
        await connection.OpenAsync(Token);
        await using NpgsqlCommand command = new(text, connection);
        await command.ExecuteNonQueryAsync(Token);
    }
}
