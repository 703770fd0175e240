using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Memory;
using ZeroFtp.Protocol.Options;
using ZeroFtp.Storage.Accounts;
using ZeroFtp.Storage.Embedded;
using ZeroFtp.Storage.Options;
using ZeroFtp.Tests.Protocol.Driver;
using ZeroFtp.Tests.Protocol.Sessions;
using ZeroFtp.Tests.Storage.Support;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Security;

/// <summary>Names and passwords as weapons, and what is not everybody's.</summary>
public sealed class LoginAttackTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private StorageOptions StoreOptions => new()
    {
        DataDirectory = Path.Combine(_directory.Path, "data"),
        CollectInterval = Timeout.InfiniteTimeSpan,
        FreeSpaceFloorBytes = 0,
        Passwords = new PasswordOptions { Pbkdf2Iterations = 1_000 },
    };

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_user_name_is_neither_SQL_nor_a_path()
    {
        await using EmbeddedStorage storage = await EmbeddedStorage.OpenAsync(StoreOptions, cancellationToken: Token);
        Assert.True(await storage.Accounts.AddAsync(new Account { Name = "alice" }, "secret", Token));
        string[] before = Files();
        await using MemoryServer server = new(storage.Driver, new FtpServerOptions { Limits = new FtpLimitOptions { MaxLoginFailures = 0 } });
        MemoryClient client = server.Connect();
        await client.ExpectAsync(220);
        foreach (string name in new[]
        {
            "' OR '1'='1", "alice'--", "alice' --", "' UNION SELECT * FROM account --", "'; DROP TABLE account; --", "alice\"", "alice;", "%", "_____", "alice%", "a*", "../alice", "/alice", "../../etc/passwd", "alice/../alice", "alice ", " alice",
            "ALICE", "alice\u0001", "alice\r\0", "\u00FF\u00FF", "\u00C1\u00A1lice", "${jndi:ldap://x}", "%s%n", "$(id)", "`id`", "alice\\", new string('a', 4000),
        })
        {
            Assert.StartsWith("331", await client.SendAsync($"USER {name}"), StringComparison.Ordinal);
            Assert.StartsWith("530", await client.SendAsync("PASS secret"), StringComparison.Ordinal);
        }
        await client.SendAsync("USER alice", 331);
        await client.SendAsync("PASS secret", 230);
        Assert.Equal("alice", Assert.Single(storage.Accounts.ListAsync(Token).ToBlockingEnumerable(Token)).Name);
        Assert.Equal(before, Files());
    }

    /// <summary>A name that is unknown, one without a password, and a wrong password cost one comparison each; none is told from the others by its reply.</summary>
    [Fact]
    public async Task Users_cannot_be_found_out_by_reply_or_by_time()
    {
        await using EmbeddedStorage storage = await EmbeddedStorage.OpenAsync(StoreOptions, cancellationToken: Token);
        Assert.True(await storage.Accounts.AddAsync(new Account { Name = "alice" }, "secret", Token));
        Assert.True(await storage.Accounts.AddAsync(new Account { Name = "locked" }, null, Token));
        Assert.True(await storage.Accounts.AddAsync(new Account { Name = "off", IsEnabled = false }, "secret", Token));
        await using MemoryServer server = new(storage.Driver, new FtpServerOptions { Limits = new FtpLimitOptions { MaxLoginFailures = 0 } });
        MemoryClient client = server.Connect();
        await client.ExpectAsync(220);
        HashSet<string> told = [];
        foreach (string name in new[] { "alice", "locked", "off", "nobody" })
        {
            long before = storage.PasswordComparisons;
            string asked = (await client.SendAsync($"USER {name}", 331)).Replace(name, "NAME", StringComparison.Ordinal);
            Assert.Equal(before, storage.PasswordComparisons);
            told.Add(asked + "|" + await client.SendAsync("PASS wrong", 530));
            Assert.Equal(before + 1, storage.PasswordComparisons);
        }
        Assert.Single(told);
    }

    /// <summary>The third wrong password closes the connection, each is answered later than the one before, and an address that goes on is not greeted any more.</summary>
    [Fact]
    public async Task Brute_force_is_slowed_and_barred()
    {
        await using MemoryServer server = MemoryServer.Create(new FtpServerOptions { Limits = new FtpLimitOptions { MaxLoginFailuresPerAddress = 6 } });
        TimeSpan waited = TimeSpan.Zero;
        for (int connection = 0; connection < 2; connection++)
        {
            MemoryClient client = server.Connect();
            await client.ExpectAsync(220);
            for (int attempt = 0; attempt < 3; attempt++)
            {
                await client.SendAsync("USER alice", 331);
                await client.WriteAsync($"PASS guess{attempt}\r\n");
                for (int seconds = 0; seconds < 21 && !client.HasUnread; seconds++, waited += TimeSpan.FromSeconds(1))
                    await server.AdvanceAsync(TimeSpan.FromSeconds(1));
                await client.ExpectAsync(attempt == 2 ? 421 : 530);
            }
            await client.ExpectEndAsync();
        }
        Assert.InRange(waited, TimeSpan.FromSeconds(5 + 10 + 20 + 20 + 20 + 20), TimeSpan.FromSeconds(150));
        await server.Connect().ExpectAsync(421);
    }

    [Theory]
    [InlineData("PASS")]
    [InlineData("PASS ")]
    [InlineData("PASS \r\0")]
    public async Task An_empty_password_opens_nothing(string password)
    {
        await using EmbeddedStorage storage = await EmbeddedStorage.OpenAsync(StoreOptions, cancellationToken: Token);
        Assert.True(await storage.Accounts.AddAsync(new Account { Name = "alice" }, "secret", Token));
        Assert.True(await storage.Accounts.AddAsync(new Account { Name = "locked" }, null, Token));
        await using MemoryServer stored = new(storage.Driver, SessionOptions.NoDelay), memory = MemoryServer.Create(SessionOptions.NoDelay);
        foreach ((MemoryServer server, string name) in new[] { (stored, "alice"), (stored, "locked"), (stored, "nobody"), (memory, "alice"), (memory, "certuser"), (memory, "nobody") })
        {
            MemoryClient client = server.Connect();
            await client.ExpectAsync(220);
            await client.SendAsync($"USER {name}", 331);
            await client.SendAsync(password, 530);
        }
    }

    [Fact]
    public async Task Without_a_login_no_word_of_SITE_is_heard()
    {
        await using MemoryServer server = MemoryServer.Create();
        MemoryClient client = server.Connect();
        await client.ExpectAsync(220);
        foreach (string word in new[] { "WHO", "KICK 1", "HELP", "CHMOD 777 docs/a.txt", "RMDIR docs", "IDLE 7200", "EXEC id", "QUOTA" })
            await client.SendAsync($"SITE {word}", 530);
        Assert.Equal("hello\nworld\n", server.Tree.ReadText("/docs/a.txt"));
    }

    [Theory]
    [InlineData("SITE CHMOD 777 docs/a.txt")]
    [InlineData("SITE UTIME 20010101000000 docs/a.txt")]
    [InlineData("SITE MKDIR up/d")]
    [InlineData("SITE RMDIR docs")]
    [InlineData("SITE SYMLINK docs/a.txt up/l")]
    [InlineData("SITE CPFR docs/a.txt|SITE CPTO up/c")]
    [InlineData("SITE CPFR bin.dat|SITE CPTO docs/a.txt")]
    [InlineData("COMB \"docs/a.txt\" \"bin.dat\"")]
    [InlineData("MFMT 20010101000000 docs/a.txt")]
    [InlineData("MFF Modify=20010101000000; docs/a.txt")]
    [InlineData("RNFR docs/a.txt")]
    [InlineData("DELE docs/a.txt")]
    [InlineData("RMDA docs")]
    [InlineData("RMD empty")]
    [InlineData("MKD up/d")]
    public async Task A_reader_changes_nothing_by_any_verb(string commands)
    {
        await using MemoryServer server = MemoryServer.Create();
        MemoryClient client = await server.LoginAsync("bob");
        string reply = "";
        foreach (string command in commands.Split('|'))
            reply = await client.SendAsync(command);
        Assert.StartsWith("55", reply, StringComparison.Ordinal);
        MemoryDriver driver = new(server.Tree);
        FtpEntry entry = (await driver.GetFileInfoAsync(FtpPath.Parse("/docs/a.txt"), Token))!;
        Assert.Equal((MemoryFixture.ATxtTime, 12L), (entry.ModifiedUtc, entry.Size));
        Assert.Equal(0b110_100_100, entry.Mode);
        Assert.Empty(driver.ListFilesAsync(FtpPath.Parse("/up"), Token).ToBlockingEnumerable(Token));
        Assert.NotNull(await driver.GetFileInfoAsync(FtpPath.Parse("/empty"), Token));
    }

    [Fact]
    public async Task Only_administrators_see_and_end_the_sessions_of_others()
    {
        await using MemoryServer server = MemoryServer.Create();
        MemoryClient victim = await server.LoginAsync();
        foreach (string user in new[] { "bob", "anonymous", "carol" })
        {
            MemoryClient client = await server.LoginAsync(user);
            await client.SendAsync("SITE WHO", 550);
            foreach (int id in new[] { 1, 2, 3, 4 })
                await client.SendAsync($"SITE KICK {id}", 550);
            await client.SendAsync("SITE EXEC id", 500);
        }
        Assert.StartsWith("200", await victim.SendAsync("NOOP"), StringComparison.Ordinal);
        MemoryClient root = await server.LoginAsync("root");
        Assert.Contains("alice", await root.SendAsync("SITE WHO", 211), StringComparison.Ordinal);
    }

    private string[] Files() => [.. Directory.EnumerateFileSystemEntries(_directory.Path, "*", SearchOption.AllDirectories).Where(static file => !file.Contains("metadata.db-", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
}
