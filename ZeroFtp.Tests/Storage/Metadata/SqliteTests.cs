using Microsoft.Data.Sqlite;
using ZeroFtp.Storage.Embedded;
using ZeroFtp.Storage.Metadata;
using ZeroFtp.Storage.Metadata.Migrations;
using ZeroFtp.Storage.Metadata.Sqlite;
using ZeroFtp.Storage.Objects;
using ZeroFtp.Tests.Storage.Support;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Storage.Metadata;

/// <summary>What only the SQLite store does.</summary>
public sealed class SqliteTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("zeroftp-meta").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string File => Path.Combine(_directory, "metadata.db");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    internal static SqliteMetadataOptions Options(string directory, MetadataOptions options) => new()
    {
        Path = Path.Combine(directory, "metadata.db"),
        ServerName = options.ServerName,
        Clock = options.Clock,
        Grace = options.Grace,
        ServerLifetime = options.ServerLifetime,
        Role = options.Role,
        Migrate = options.Migrate,
    };

    private ValueTask<SqlMetadataStore> OpenAsync(MetadataOptions? options = null, Durability durability = Durability.Relaxed) =>
        SqliteMetadata.OpenAsync(Options(_directory, options ?? new MetadataOptions()) with { Durability = durability }, Token);

    [Fact]
    public async Task The_files_are_their_owners_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no permission bits.");
        await using SqlMetadataStore store = await OpenAsync();
        await store.CreateDirectoryAsync(IMetadataTree.Root, "d", 0, "", Token);
        string[] files = Directory.GetFiles(_directory);
        Assert.Equal(3, files.Length);
        Assert.All(files, static f => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, OperatingSystem.IsWindows() ? default : System.IO.File.GetUnixFileMode(f)));
    }

    [Fact]
    public async Task What_was_written_is_there_when_the_file_is_opened_again()
    {
        await using (SqlMetadataStore store = await OpenAsync(durability: Durability.Full))
            await store.CreateDirectoryAsync(IMetadataTree.Root, "d", 0, "", Token);
        Assert.Equal([File], Directory.GetFiles(_directory));
        await using SqlMetadataStore again = await OpenAsync();
        Assert.Single((await again.ResolveAsync(IMetadataTree.Root, new[] { "d" }, Token)).Found);
    }

    [Fact]
    public async Task A_newer_schema_is_refused_clearly_and_an_older_one_where_it_must_not_be_migrated()
    {
        MetadataException old = await Assert.ThrowsAsync<MetadataException>(async () => await OpenAsync(new MetadataOptions { Migrate = false }));
        Assert.Equal(MetadataError.Unusable, old.Error);
        Assert.Contains("migrate --apply", old.Message, StringComparison.Ordinal);
        await using (await OpenAsync())
        {
        }
        Execute("UPDATE meta SET value = '999' WHERE key = 'schema'");
        MetadataException newer = await Assert.ThrowsAsync<MetadataException>(async () => await OpenAsync());
        Assert.Equal(MetadataError.Unusable, newer.Error);
        Assert.Contains("version 999", newer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_of_content_that_is_none_is_told()
    {
        await using (await OpenAsync())
        {
        }
        Execute("INSERT INTO file (id, path_id, name, is_dir, filemode, mod_time, birth_time, stor_key) VALUES (5, 1, 'f', FALSE, 420, 0, 0, 'nonsense')");
        MetadataException fault = await Assert.ThrowsAsync<MetadataException>(async () => await OpenAsync());
        Assert.Equal(MetadataError.Unusable, fault.Error);
        Assert.Contains("'nonsense'", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_and_left_alone()
    {
        await System.IO.File.WriteAllTextAsync(File, new string('x', 5_000), Token);
        MetadataException fault = await Assert.ThrowsAsync<MetadataException>(async () => await OpenAsync());
        Assert.Equal(MetadataError.Unusable, fault.Error);
        Assert.Equal(new string('x', 5_000), await System.IO.File.ReadAllTextAsync(File, Token));
    }

    [Fact]
    public async Task Units_that_wait_together_share_a_transaction_and_one_that_fails_takes_none_with_it()
    {
        SqliteRunner runner = new(Options(_directory, new MetadataOptions()));
        await new Migrator(runner, true, TimeProvider.System).ApplyAsync(Token);
        await using SqlMetadataStore store = new(runner, new MetadataOptions());
        long before = runner.Commits;
        Task<TreeResult>[] made = [.. Enumerable.Range(0, 400).Select(i => Task.Run(async () => await store.CreateDirectoryAsync(IMetadataTree.Root, $"d{i}", 0, "", Token), Token))];
        Task broken = Task.Run(async () => await store.CreateDirectoryAsync(IMetadataTree.Root, "", 0, "", Token), Token);
        MetadataException fault = await Assert.ThrowsAsync<MetadataException>(() => broken);
        Assert.Equal(MetadataError.Broken, fault.Error);
        Assert.All(await Task.WhenAll(made), static r => Assert.Equal(Outcome.Done, r.Outcome));
        Assert.True(runner.Commits - before < 400, $"{runner.Commits - before} commits");
    }

    [Fact]
    public async Task A_tool_beside_a_front_end_leaves_it_alive_and_its_changes_are_noticed()
    {
        SqliteRunner runner = new(Options(_directory, new MetadataOptions()));
        await new Migrator(runner, true, TimeProvider.System).ApplyAsync(Token);
        await using SqlMetadataStore store = new(runner, new MetadataOptions());
        await store.RegisterAsync(true, Token);
        TaskCompletionSource noticed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        runner.ForeignWrite += () => noticed.TrySetResult();
        await store.CreateDirectoryAsync(IMetadataTree.Root, "own", 0, "", Token);
        Assert.False(noticed.Task.IsCompleted);
        await using (SqlMetadataStore tool = await OpenAsync(new MetadataOptions { Role = MetadataRole.Tool }))
            await tool.CreateDirectoryAsync(IMetadataTree.Root, "foreign", 0, "", Token);
        await noticed.Task.WaitAsync(TimeSpan.FromSeconds(20), Token);
        Assert.True(await store.BeatAsync(null, Token));
    }

    [Fact]
    public async Task Ids_grow_even_if_the_clock_was_set_back()
    {
        long before;
        await using (SqlMetadataStore store = await OpenAsync())
            before = (await store.CreateDirectoryAsync(IMetadataTree.Root, "d", 0, "", Token)).File!.Id;
        Microsoft.Extensions.Time.Testing.FakeTimeProvider past = new(new DateTimeOffset(2001, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using SqlMetadataStore again = await OpenAsync(new MetadataOptions { Clock = past });
        Assert.True(again.NewId() > before);
    }

    [Fact]
    public async Task A_migration_is_taken_up_where_it_stopped()
    {
        SqliteRunner runner = new(Options(_directory, new MetadataOptions()));
        await using SqlMetadataStore store = new(runner, new MetadataOptions());
        Migrator half = new(runner, true, TimeProvider.System, [.. MigrationSteps.All.Take(7)]);
        Assert.Equal(7, (await half.ApplyAsync(Token)).Count);
        Migrator whole = new(runner, true, TimeProvider.System);
        Assert.Equal(MigrationSteps.All.Count - 7, (await whole.PlanAsync(Token)).Count);
        Assert.Equal(MigrationSteps.All.Skip(7), await whole.ApplyAsync(Token));
        Assert.Empty(await whole.PlanAsync(Token));
        Assert.Empty(await whole.ApplyAsync(Token));
        await Assert.ThrowsAsync<MetadataException>(async () => await half.PlanAsync(Token));
    }

    [Fact]
    public async Task A_migration_waits_for_no_lease()
    {
        SqliteRunner runner = new(Options(_directory, new MetadataOptions()));
        await using SqlMetadataStore store = new(runner, new MetadataOptions());
        await new Migrator(runner, true, TimeProvider.System, [.. MigrationSteps.All.Take(3)]).ApplyAsync(Token);
        Execute("INSERT INTO meta (key, value) VALUES ('migration lease', '9999999999999999999/dead')");
        Assert.NotEmpty(await new Migrator(runner, true, TimeProvider.System).ApplyAsync(Token).AsTask().WaitAsync(TimeSpan.FromSeconds(20), Token));
    }

    [Fact]
    public async Task A_tool_makes_the_schema_once_the_directory_is_free_and_tells_a_long_wait()
    {
        using DataDirectory server = new(_directory), tool = new(_directory);
        await server.LockAsync(Token);
        Assert.Null(tool.TryLockToMigrate());
        KeptLog log = new();
        Microsoft.Extensions.Time.Testing.FakeTimeProvider clock = new();
        SqliteMetadataOptions options = Options(_directory, new MetadataOptions { Role = MetadataRole.Tool, Clock = new SetClock(clock) }) with { TryLock = tool.TryLockToMigrate, Logger = log };
        Task<SqlMetadataStore> opening = SqliteMetadata.OpenAsync(options, Token).AsTask();
        await Task.WhenAny(opening, Task.Delay(200, Token));
        Assert.False(opening.IsCompleted || log.Contains("waiting for it"));
        clock.Advance(TimeSpan.FromSeconds(3));
        while (!log.Contains("waiting for it"))
            await Task.Delay(20, Token);
        server.Dispose();
        await (await opening).DisposeAsync();
        tool.TryLockToMigrate()!.Dispose();
    }

    [Fact]
    public async Task A_schema_that_another_process_keeps_from_being_mended_is_told_and_a_server_waits_for_a_tool()
    {
        using DataDirectory first = new(_directory), second = new(_directory);
        IDisposable migrating = first.TryLockToMigrate()!;
        Microsoft.Extensions.Time.Testing.FakeTimeProvider clock = new();
        SqliteMetadataOptions options = Options(_directory, new MetadataOptions { Role = MetadataRole.Tool, Clock = new SetClock(clock) }) with { TryLock = second.TryLockToMigrate };
        Task<SqlMetadataStore> opening = SqliteMetadata.OpenAsync(options, Token).AsTask();
        while (!opening.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(10));
            await Task.WhenAny(opening, Task.Delay(20, Token));
        }
        Assert.Contains("another process uses it", (await Assert.ThrowsAsync<MetadataException>(() => opening)).Message, StringComparison.Ordinal);
        Task locking = second.LockAsync(Token).AsTask();
        Assert.False(locking.IsCompleted);
        migrating.Dispose();
        await locking;
        await Assert.ThrowsAsync<StorageInUseException>(async () => await first.LockAsync(Token));
    }

    private void Execute(string text)
    {
        using SqliteConnection connection = new($"Data Source={File};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }
}
