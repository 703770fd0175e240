using System.Buffers.Binary;
using Microsoft.Data.Sqlite;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Accounts;
using ZeroFtp.Storage.Content;
using ZeroFtp.Storage.Embedded;
using ZeroFtp.Storage.Maintenance;
using ZeroFtp.Storage.Objects;
using ZeroFtp.Storage.Options;
using ZeroFtp.Tests.Storage.Support;

namespace ZeroFtp.Tests.Storage;

/// <summary>No database whose pages are damaged passes a check, and none ends in anything but a message.</summary>
public sealed class DamagedDatabaseTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private StorageOptions Options => new()
    {
        DataDirectory = Path.Combine(_directory.Path, "data"),
        CollectInterval = Timeout.InfiniteTimeSpan,
        ScrubInterval = Timeout.InfiniteTimeSpan,
        Durability = Durability.Relaxed,
        FreeSpaceFloorBytes = 0,
        Passwords = new PasswordOptions { Pbkdf2Iterations = 1_000 },
    };

    private string Database => Path.Combine(Options.DataDirectory, "metadata.db");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_check_finds_what_the_database_finds()
    {
        await FillAsync();
        byte[] sound = await File.ReadAllBytesAsync(Database, Token);
        int pageLength = BinaryPrimitives.ReadUInt16BigEndian(sound.AsSpan(16));
        List<string> passed = [];
        int damaged = 0;
        foreach ((string name, int page) in await RootsAsync())
        {
            byte[] bytes = [.. sound];
            new Random(page).NextBytes(bytes.AsSpan((page - 1) * pageLength, pageLength));
            foreach (string file in (string[])["-wal", "-shm"])
                File.Delete(Database + file);
            await File.WriteAllBytesAsync(Database, bytes, Token);
            if (await IsWholeAsync())
                continue;
            damaged++;
            if (await IsCleanAsync())
                passed.Add(name);
        }
        Assert.Empty(passed);
        Assert.True(damaged > 10, $"{damaged} pages were damaged.");
    }

    [Fact]
    public async Task A_repair_deletes_nothing_by_what_a_damaged_database_says()
    {
        await FillAsync();
        string objects = Path.Combine(Options.DataDirectory, "objects");
        string stray = Path.Combine(objects, "000", "0000000000000001");
        Directory.CreateDirectory(Path.GetDirectoryName(stray)!);
        await File.WriteAllTextAsync(stray, "x", Token);
        int page = (await RootsAsync()).Single(root => root.Name == "account_path").Page;
        await using (FileStream file = new(Database, FileMode.Open))
        {
            byte[] noise = new byte[4_096];
            new Random(page).NextBytes(noise);
            file.Position = (page - 1) * 4_096L;
            file.Write(noise);
        }
        await using EmbeddedStorage storage = await EmbeddedStorage.OpenAsync(Options, cancellationToken: Token);
        CheckReport report = await storage.CheckAsync(new CheckOptions { Repair = true }, Token);
        Assert.Equal(0, report.RepairedCount);
        Assert.Contains(report.Findings, finding => finding is { Kind: CheckFindingKind.Metadata, Subject: "database" });
        Assert.True(File.Exists(stray));
    }

    private async Task FillAsync()
    {
        await using EmbeddedStorage storage = await EmbeddedStorage.OpenAsync(Options, cancellationToken: Token);
        await storage.Accounts.AddAsync(new Account { Name = "alice", Rules = [new DirectoryRule("/x", FtpPermissions.List)] }, "a", Token);
        LoginRequest request = new() { Session = new TestSession(), User = "alice", Password = "a" };
        IClientHandlingDriver driver = Assert.IsType<LoginResult.Accepted>(await storage.Driver.AuthenticateAsync(request, Token)).Driver;
        for (int i = 0; i < 20; i++)
            await driver.PutAsync($"/f{i}", Octets.Make((100 * i) + 1));
    }

    private async Task<List<(string Name, int Page)>> RootsAsync()
    {
        await using SqliteConnection connection = new($"Data Source={Database};Pooling=False");
        await connection.OpenAsync(Token);
        await using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT name, rootpage FROM sqlite_master WHERE rootpage > 1 ORDER BY name";
        await using SqliteDataReader reader = await command.ExecuteReaderAsync(Token);
        List<(string, int)> roots = [];
        while (await reader.ReadAsync(Token))
            roots.Add((reader.GetString(0), reader.GetInt32(1)));
        return roots;
    }

    private async Task<bool> IsWholeAsync()
    {
        try
        {
            await using SqliteConnection connection = new($"Data Source={Database};Pooling=False");
            await connection.OpenAsync(Token);
            await using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "PRAGMA integrity_check";
            return await command.ExecuteScalarAsync(Token) is "ok";
        }
        catch (SqliteException)
        {
            return false;
        }
    }

    private async Task<bool> IsCleanAsync()
    {
        try
        {
            await using EmbeddedStorage storage = await EmbeddedStorage.OpenAsync(Options, cancellationToken: Token);
            return (await storage.CheckAsync(new CheckOptions(), Token)).IsClean;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
