using System.IO.Pipelines;
using Microsoft.Data.Sqlite;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Accounts;
using ZeroFtp.Storage.Content;
using ZeroFtp.Storage.Driver;
using ZeroFtp.Storage.Embedded;
using ZeroFtp.Storage.Maintenance;
using ZeroFtp.Storage.Objects;
using ZeroFtp.Storage.Options;
using ZeroFtp.Storage.Upgrade;
using ZeroFtp.Tests.Storage.Support;
using static ZeroFtp.Tests.Storage.Support.DriverCalls;

namespace ZeroFtp.Tests.Storage;

public sealed class EmbeddedStorageTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    private StorageOptions Options => new()
    {
        DataDirectory = Path.Combine(_directory.Path, "data"),
        GarbageGrace = TimeSpan.Zero,
        CollectInterval = Timeout.InfiniteTimeSpan,
        FreeSpaceFloorBytes = 0,
        Passwords = new PasswordOptions { Pbkdf2Iterations = 1_000 },
    };

    [Fact]
    public async Task A_fresh_directory_serves_and_keeps_what_was_stored()
    {
        byte[] bytes = Octets.Make(1_000_000);
        await using (EmbeddedStorage storage = await EmbeddedStorage.OpenAsync(Options, cancellationToken: Token))
        {
            Assert.True(await storage.Accounts.AddAsync(new Account { Name = "alice" }, "secret", Token));
            IClientHandlingDriver driver = await LoginAsync(storage, "alice", "secret");
            await driver.MakeAsync("/d");
            await driver.PutAsync("/d/a", bytes);
            Assert.True((await storage.CheckAsync(new CheckOptions(), Token)).IsClean);
            await storage.ProbeAsync(Token);
        }
        await using (EmbeddedStorage storage = await EmbeddedStorage.OpenAsync(Options, cancellationToken: Token))
        {
            IClientHandlingDriver driver = await LoginAsync(storage, "alice", "secret");
            Assert.Equal(bytes, await driver.GetAsync("/d/a"));
            Assert.Equal(new AccountUsage(bytes.Length, 1), await storage.Accounts.GetUsageAsync("alice", Token));
        }
    }

    [Fact]
    public async Task Only_the_owner_can_read_the_data()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes.");
        await using EmbeddedStorage storage = await EmbeddedStorage.OpenAsync(Options, cancellationToken: Token);
        await storage.Accounts.AddAsync(new Account { Name = "alice" }, "secret", Token);
        await (await LoginAsync(storage, "alice", "secret")).PutAsync("/a", [1]);
        const UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        string[] files = [Options.DataDirectory, .. Directory.EnumerateFileSystemEntries(Options.DataDirectory, "*", SearchOption.AllDirectories)];
        Assert.True(files.Length >= 6);
#pragma warning disable CA1416 // The first line asks.
        Assert.All(files, file => Assert.Equal((UnixFileMode)0, File.GetUnixFileMode(file) & others));
#pragma warning restore CA1416
    }

    [Fact]
    public async Task A_second_server_is_refused_and_an_administrator_is_not()
    {
        await using EmbeddedStorage storage = await EmbeddedStorage.OpenAsync(Options, cancellationToken: Token);
        StorageInUseException exception = await Assert.ThrowsAsync<StorageInUseException>(async () => await EmbeddedStorage.OpenAsync(Options, cancellationToken: Token));
        Assert.Contains(Options.DataDirectory, exception.Message, StringComparison.Ordinal);
        await using (EmbeddedStorage administrator = await EmbeddedStorage.OpenAsync(Options, StorageAccess.Administer, cancellationToken: Token))
        {
            Assert.True(await administrator.Accounts.AddAsync(new Account { Name = "bob" }, "b", Token));
            Assert.Throws<InvalidOperationException>(() => administrator.Driver);
        }
        await (await LoginAsync(storage, "bob", "b")).PutAsync("/a", [1]);
        Assert.True((await storage.CheckAsync(new CheckOptions(), Token)).IsClean);
    }

    [Fact]
    public async Task Every_fault_of_the_options_is_named_at_once()
    {
        StorageOptions options = Options with { MaxObjectBytes = 1, WriteBufferBytes = 0, MaxLinkDepth = -1, Passwords = new PasswordOptions { Pbkdf2Iterations = 1 } };
        Assert.Equal(4, options.Validate().Count);
        ArgumentException exception = await Assert.ThrowsAsync<ArgumentException>(async () => await EmbeddedStorage.OpenAsync(options, cancellationToken: Token));
        Assert.All(options.Validate(), fault => Assert.Contains(fault, exception.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_directory_that_is_no_store_is_refused_with_a_reason()
    {
        Directory.CreateDirectory(Options.DataDirectory);
        await File.WriteAllTextAsync(Path.Combine(Options.DataDirectory, "metadata.db"), new string('x', 10_000), Token);
        IOException exception = await Assert.ThrowsAnyAsync<IOException>(async () => await EmbeddedStorage.OpenAsync(Options, cancellationToken: Token));
        Assert.Contains("not a database", exception.Message, StringComparison.Ordinal);
        File.Delete(Path.Combine(Options.DataDirectory, "metadata.db"));
        await (await EmbeddedStorage.OpenAsync(Options, cancellationToken: Token)).DisposeAsync();
    }

    /// <summary>To an empty database all content would be something that nothing refers to, for a repair to delete.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("no tables")]
    public async Task Content_without_its_database_is_left_alone(string? database)
    {
        await using (EmbeddedStorage storage = await EmbeddedStorage.OpenAsync(Options, cancellationToken: Token))
        {
            await storage.Accounts.AddAsync(new Account { Name = "alice" }, "a", Token);
            await (await LoginAsync(storage, "alice", "a")).PutAsync("/a", [1, 2, 3]);
        }
        string path = Path.Combine(Options.DataDirectory, "metadata.db");
        string kept = path + ".kept";
        File.Move(path, kept);
        if (database is { Length: 0 })
            await File.WriteAllTextAsync(path, database, Token);
        else if (database is not null)
            await MakeDatabaseAsync(path);
        foreach (StorageAccess access in (StorageAccess[])[StorageAccess.Serve, StorageAccess.Administer, StorageAccess.Serve])
        {
            IOException exception = await Assert.ThrowsAnyAsync<IOException>(async () => await EmbeddedStorage.OpenAsync(Options, access, cancellationToken: Token));
            Assert.Contains(path, exception.Message, StringComparison.Ordinal);
            Assert.Contains("restore", exception.Message, StringComparison.Ordinal);
        }
        if (database is not { Length: > 0 })
            await Assert.ThrowsAnyAsync<IOException>(async () => await SchemaMigration.RunAsync(Options, apply: true, cancellationToken: Token));
        File.Move(kept, path, overwrite: true);
        await using (EmbeddedStorage storage = await EmbeddedStorage.OpenAsync(Options, cancellationToken: Token))
        {
            Assert.True((await storage.CheckAsync(new CheckOptions(), Token)).IsClean);
            Assert.Equal([1, 2, 3], await (await LoginAsync(storage, "alice", "a")).GetAsync("/a"));
        }

        static async Task MakeDatabaseAsync(string path)
        {
            await using SqliteConnection connection = new($"Data Source={path};Pooling=False");
            await connection.OpenAsync(Token);
            await using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "CREATE TABLE other (a INTEGER)";
            await command.ExecuteNonQueryAsync(Token);
        }
    }

    /// <summary>What goes into a database that has no name any more is lost, however well the database answers.</summary>
    [Theory]
    [InlineData(Durability.Full)]
    [InlineData(Durability.Relaxed)]
    public async Task Nothing_is_stored_once_the_data_directory_was_moved_away(Durability durability)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Nothing that is open is moved there.");
        StorageOptions options = Options with { FreeSpaceFloorBytes = 1, Durability = durability };
        await using EmbeddedStorage storage = await EmbeddedStorage.OpenAsync(options, cancellationToken: Token);
        await storage.Accounts.AddAsync(new Account { Name = "alice" }, "a", Token);
        IClientHandlingDriver driver = await LoginAsync(storage, "alice", "a");
        await driver.PutAsync("/a", [1]);
        await storage.ProbeAsync(Token);
        string gone = Options.DataDirectory + ".gone";
        Directory.Move(Options.DataDirectory, gone);

        for (int i = 0; i < 2; i++)
            await FailsAsync(FtpError.Unavailable, () => driver.PutAsync("/b", [2]));
        await FailsAsync(FtpError.Unavailable, () => driver.PutAsync("/empty", []));
        await FailsAsync(FtpError.Unavailable, () => driver.MakeAsync("/d"));
        await FailsAsync(FtpError.Unavailable, () => driver.GetAsync("/a"));
        await Assert.ThrowsAnyAsync<IOException>(async () => await storage.ProbeAsync(Token));
        Assert.False(Directory.Exists(Options.DataDirectory));

        // another store in its place is not this one
        Directory.CreateDirectory(Path.Combine(Options.DataDirectory, "objects"));
        File.Copy(Path.Combine(gone, "metadata.db"), Path.Combine(Options.DataDirectory, "metadata.db"));
        await Assert.ThrowsAnyAsync<IOException>(async () => await storage.ProbeAsync(Token));
        await FailsAsync(FtpError.Unavailable, () => driver.MakeAsync("/d"));

        Directory.Delete(Options.DataDirectory, recursive: true);
        Directory.Move(gone, Options.DataDirectory);
        await storage.ProbeAsync(Token);
        await driver.PutAsync("/b", [2]);
        Assert.Equal([2], await driver.GetAsync("/b"));
        Assert.True((await storage.CheckAsync(new CheckOptions(), Token)).IsClean);
    }

    [Fact]
    public async Task A_directory_that_cannot_be_locked_is_not_told_to_be_in_use()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege there.");
        Directory.CreateDirectory(Options.DataDirectory);
        string path = Path.Combine(Options.DataDirectory, "lock");
        // a link to itself is followed for ever
        File.CreateSymbolicLink(path, path);
        IOException exception = await Assert.ThrowsAnyAsync<IOException>(async () => await EmbeddedStorage.OpenAsync(Options, cancellationToken: Token));
        Assert.IsNotType<StorageInUseException>(exception);
        Assert.Contains(path, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_check_finds_and_names_what_is_broken_and_repairs_what_can_be()
    {
        await using EmbeddedStorage storage = await EmbeddedStorage.OpenAsync(Options, cancellationToken: Token);
        await storage.Accounts.AddAsync(new Account { Name = "alice" }, "a", Token);
        IClientHandlingDriver driver = await LoginAsync(storage, "alice", "a");
        await driver.PutAsync("/missing", Octets.Make(1_000, 1));
        string missing = Directory.EnumerateFiles(Path.Combine(Options.DataDirectory, "objects"), "*", SearchOption.AllDirectories).Single();
        await driver.PutAsync("/damaged", Octets.Make(1_000, 2));
        string damaged = Directory.EnumerateFiles(Path.Combine(Options.DataDirectory, "objects"), "*", SearchOption.AllDirectories).Single(file => file != missing);
        await File.WriteAllBytesAsync(damaged, Octets.Make(1_000, 3), Token);
        File.Move(missing, Path.Combine(Path.GetDirectoryName(missing)!, "0000000000000001"));
        string stray = Path.Combine(Options.DataDirectory, "objects", "000", "0000000000000001");
        Directory.CreateDirectory(Path.GetDirectoryName(stray)!);
        File.Move(Path.Combine(Path.GetDirectoryName(missing)!, "0000000000000001"), stray);
        CheckReport report = await storage.CheckAsync(new CheckOptions(), Token);
        Assert.Equal(
            [CheckFindingKind.MissingObject, CheckFindingKind.DamagedObject, CheckFindingKind.UnreferencedObject],
            report.Findings.Select(finding => finding.Kind).Order());
        Assert.Equal([["/alice/missing"], ["/alice/damaged"], []], report.Findings.OrderBy(finding => finding.Kind).Select(finding => finding.Paths));
        CheckReport shallow = await storage.CheckAsync(new CheckOptions { ReadContent = false, Repair = true }, Token);
        Assert.Equal((2, 1), ((int)shallow.FindingCount, (int)shallow.RepairedCount));
        Assert.False(File.Exists(stray));
    }

    [Fact]
    public async Task A_check_counts_again_what_was_counted_wrong_when_it_is_to_repair()
    {
        await using EmbeddedStorage storage = await EmbeddedStorage.OpenAsync(Options, cancellationToken: Token);
        await storage.Accounts.AddAsync(new Account { Name = "alice" }, "a", Token);
        await (await LoginAsync(storage, "alice", "a")).PutAsync("/a", [1, 2, 3]);
        await using (SqliteConnection connection = new($"Data Source={Path.Combine(Options.DataDirectory, "metadata.db")};Pooling=False"))
        {
            await connection.OpenAsync(Token);
            await using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "UPDATE usage SET bytes = bytes + 7, files = files - 1; INSERT INTO usage (owner, slot, bytes, files) VALUES ('nobody', 0, 3, 1)";
            await command.ExecuteNonQueryAsync(Token);
        }
        CheckReport report = await storage.CheckAsync(new CheckOptions(), Token);
        Assert.Equal(("wrong usage", false), report.Findings.Select(finding => (finding.Subject, finding.IsRepaired)).Single());
        report = await storage.CheckAsync(new CheckOptions { Repair = true }, Token);
        Assert.Equal(("wrong usage", true), report.Findings.Select(finding => (finding.Subject, finding.IsRepaired)).Single());
        Assert.True((await storage.CheckAsync(new CheckOptions(), Token)).IsClean);
        Assert.Equal(new AccountUsage(3, 1), await storage.Accounts.GetUsageAsync("alice", Token));
        Assert.Equal(new AccountUsage(0, 0), await storage.Accounts.GetUsageAsync("nobody", Token));
    }

    [Fact]
    public async Task The_state_after_a_kill_is_sound_and_shows_old_new_or_partial()
    {
        byte[] bytes = Octets.Make(400_000);
        await using StorageHarness killed = await StorageHarness.OpenAsync(options => options with { UploadWindowBytes = 64 << 10 });
        StorageDriver driver = killed.Login();
        await driver.PutAsync("/old", bytes[..5]);
        await driver.PutAsync("/done", bytes);
        // Long uploads, journalled in part, and a short one of which nothing is journalled, all in the middle when the process dies.
        IUpload[] uploads = [await BeginAsync(driver, "/old", 40), await BeginAsync(driver, "/new", 40), await BeginAsync(driver, "/short", 1)];
        using TemporaryDirectory snapshot = killed.Snapshot();
        foreach (IUpload upload in uploads)
            await upload.DisposeAsync();

        await using StorageHarness next = await StorageHarness.OpenAsync(path: snapshot.Path);
        (long ended, long partials) = await next.Collector.ReapAsync(trash: false, Token);
        Assert.Equal((2, 1), (ended, partials));
        driver = next.Login();
        Assert.Equal(bytes[..5], await driver.GetAsync("/old"));
        Assert.Equal(bytes, await driver.GetAsync("/done"));
        Assert.Null(await driver.StatAsync("/short"));
        FtpEntry partial = (await driver.StatAsync("/new"))!;
        Assert.True(partial.IsPartial);
        Assert.InRange(partial.Size, 16 * 65_536, 40 * 65_536);
        byte[] kept = await driver.GetAsync("/new");
        Assert.Equal(Octets.Make(40 * 65_536)[..kept.Length], kept);
        await next.AssertSoundAsync();
        await next.AssertSoundAsync();
    }

    private static async Task<IUpload> BeginAsync(IClientHandlingDriver driver, string path, int objects)
    {
        IUpload upload = await driver.OpenWriteAsync(new UploadRequest { Path = At(path), Mode = UploadMode.Replace }, Token);
        await upload.CopyFromAsync(PipeReader.Create(new MemoryStream(Octets.Make(objects * 65_536))), Token);
        return upload;
    }

    private static async Task<IClientHandlingDriver> LoginAsync(EmbeddedStorage storage, string user, string password)
    {
        LoginResult result = await storage.Driver.AuthenticateAsync(new LoginRequest { Session = new TestSession(), User = user, Password = password }, Token);
        return Assert.IsType<LoginResult.Accepted>(result).Driver;
    }
}
