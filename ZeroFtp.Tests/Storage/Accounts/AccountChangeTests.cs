using Microsoft.Extensions.Time.Testing;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Accounts;
using ZeroFtp.Storage.Driver;
using ZeroFtp.Storage.Embedded;
using ZeroFtp.Storage.Metadata;
using ZeroFtp.Storage.Options;
using ZeroFtp.Tests.Storage.Support;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Storage.Accounts;

/// <summary>What a change of an account forbids ends in the sessions that are open, also when another process makes the change.</summary>
public sealed class AccountChangeTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private EmbeddedStorage _storage = null!;
    private EmbeddedStorage _tool = null!;
    private MemoryServer _server = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => OpenAsync(AccountChanges.EndSessions);

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _directory.Dispose();
    }

    public static TheoryData<string> Taking => ["disabled", "removed", "password", "no password", "permissions", "rule", "address", "expired", "tls", "home", "quota", "code", "data tls"];

    [Theory]
    [MemberData(nameof(Taking))]
    public async Task What_a_change_forbids_ends_in_open_sessions(string what)
    {
        MemoryClient first = await _server.LoginAsync("alice");
        MemoryClient second = await _server.LoginAsync("alice");
        MemoryClient other = await _server.LoginAsync("bob");

        await ChangeAsync(what);
        await TurnAsync();

        foreach (MemoryClient ended in new[] { first, second })
        {
            Assert.Equal("421 Login is no longer valid, closing control connection.", await ended.ReadReplyAsync());
            await ended.ExpectEndAsync();
        }
        Assert.Equal(new SessionEffect(2, 0, 0, 1), await _tool.Accounts.WaitForEffectAsync("alice", Token));
        await other.SendAsync("NOOP", 200);
    }

    [Fact]
    public async Task What_forbids_nothing_ends_nothing()
    {
        MemoryClient client = await _server.LoginAsync("alice");
        Assert.True(await _tool.Accounts.ChangeAsync("alice", account => account with { QuotaBytes = null, Limits = new UserLimits { MaxSessions = 1 }, AllowedAddresses = ["192.0.2.0/24"], Expires = DateTimeOffset.MaxValue }, Token));
        await TurnAsync();
        await client.SendAsync("NOOP", 200);
        Assert.Equal(new SessionEffect(0, 1, 0, 1), await _tool.Accounts.WaitForEffectAsync("alice", Token));
    }

    /// <summary>A new hash of the same password, after the cost was changed, ends neither the session that brought it about nor others, not even when the account is changed later.</summary>
    [Fact]
    public async Task The_renewal_of_a_hash_is_no_new_password()
    {
        await CloseAsync();
        await OpenAsync(AccountChanges.EndSessions, iterations: 2_000);
        MemoryClient client = await _server.LoginAsync("alice");
        Assert.True(await _tool.Accounts.ChangeAsync("alice", account => account with { IsAdministrator = true }, Token));
        await TurnAsync();
        await client.SendAsync("NOOP", 200);
    }

    [Fact]
    public async Task Who_logs_in_with_the_new_password_before_the_change_was_seen_stays()
    {
        MemoryClient early = await _server.LoginAsync("alice");
        Assert.True(await _tool.Accounts.SetPasswordAsync("alice", "another", Token));
        MemoryClient late = _server.Connect();
        await late.ExpectAsync(220);
        await late.SendAsync("USER alice", 331);
        await late.SendAsync("PASS another", 230);
        await TurnAsync();
        await early.ExpectAsync(421);
        await late.SendAsync("NOOP", 200);
        Assert.Equal(new SessionEffect(1, 1, 0, 1), await _tool.Accounts.WaitForEffectAsync("alice", Token));
    }

    [Fact]
    public async Task A_running_transfer_ends_with_the_login()
    {
        MemoryClient client = await _server.LoginAsync("alice");
        DataEnd data = await DataEnd.OpenAsync(client);
        await client.SendAsync("STOR a", 150);
        await ChangeAsync("disabled");
        await TurnAsync();
        await client.ExpectAsync(426);
        await client.ExpectAsync(421);
        await client.ExpectEndAsync();
        await data.ReadToEndAsync();
    }

    /// <summary>The account is read, then changed and the change dealt with, and only then the login is watched.</summary>
    [Fact]
    public async Task A_change_during_the_login_refuses_it()
    {
        AccountWatch watch = _storage.Watch!;
        long generation = watch.Generation;
        AccountRow row = (await _storage.Metadata.FindAccountAsync("alice", Token))!;
        await ChangeAsync("disabled");
        await TurnAsync();
        Assert.Null(await watch.RegisterAsync(row, new TestSession(), byCertificate: false, generation, Token));
        Assert.NotNull(await watch.RegisterAsync(row, new TestSession(), byCertificate: false, watch.Generation, Token));
    }

    [Fact]
    public async Task Never_lets_sessions_go_on_and_says_so()
    {
        await CloseAsync();
        await OpenAsync(AccountChanges.Never);
        MemoryClient client = await _server.LoginAsync("alice");
        await ChangeAsync("removed");
        await TurnAsync();
        await client.SendAsync("NOOP", 200);
        Assert.Equal(new SessionEffect(0, 1, 0, 1), await _tool.Accounts.WaitForEffectAsync("alice", Token));
    }

    private async Task ChangeAsync(string what)
    {
        IAccounts accounts = _tool.Accounts;
        Func<Account, Account>? change = what switch
        {
            "disabled" => account => account with { IsEnabled = false },
            "permissions" => account => account with { Permissions = FtpPermissions.All & ~FtpPermissions.Delete },
            "rule" => account => account with { Rules = [new DirectoryRule("/in", FtpPermissions.Write)] },
            "address" => account => account with { AllowedAddresses = ["198.51.100.0/24"] },
            "expired" => account => account with { Expires = DateTimeOffset.UnixEpoch },
            "tls" => account => account with { RequiresTls = true },
            "data tls" => account => account with { RequiresDataTls = true },
            "home" => account => account with { Home = "/elsewhere" },
            "quota" => account => account with { QuotaBytes = 10 },
            "code" => account => account with { AccountCode = "x" },
            _ => null,
        };
        Assert.True(what switch
        {
            "removed" => await accounts.RemoveAsync("alice", Token),
            "password" => await accounts.SetPasswordAsync("alice", "another", Token),
            "no password" => await accounts.SetPasswordAsync("alice", null, Token),
            _ => await accounts.ChangeAsync("alice", change!, Token),
        });
    }

    private ValueTask TurnAsync() => _storage.Watch!.TurnAsync(Token);

    private async ValueTask OpenAsync(AccountChanges changes, int iterations = 1_000)
    {
        StorageOptions options = new()
        {
            DataDirectory = Path.Combine(_directory.Path, "data"),
            CollectInterval = Timeout.InfiniteTimeSpan,
            FreeSpaceFloorBytes = 0,
            Passwords = new PasswordOptions { Pbkdf2Iterations = iterations },
            AccountChanges = changes,
        };
        // The clock stands still for the watch, so that the tests say when it is its turn.
        FakeTimeProvider clock = new(DateTimeOffset.UtcNow);
        _storage = await EmbeddedStorage.OpenAsync(options, timeProvider: clock, cancellationToken: Token);
        _tool = await EmbeddedStorage.OpenAsync(options, StorageAccess.Administer, clock, cancellationToken: Token);
        foreach (string name in new[] { "alice", "bob" })
            await _storage.Accounts.AddAsync(new Account { Name = name, QuotaBytes = 1 << 20 }, "secret", Token);
        _server = new MemoryServer(_storage.Driver);
    }

    private async ValueTask CloseAsync()
    {
        await _server.DisposeAsync();
        await _tool.DisposeAsync();
        await _storage.DisposeAsync();
    }
}
