using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Accounts;
using ZeroFtp.Storage.Embedded;
using ZeroFtp.Storage.Metadata;
using ZeroFtp.Storage.Metadata.Sqlite;
using ZeroFtp.Storage.Objects;
using ZeroFtp.Storage.Options;
using ZeroFtp.Tests.Storage.Support;
using static ZeroFtp.Tests.Storage.Support.DriverCalls;

namespace ZeroFtp.Tests.Storage.Accounts;

public sealed class LoginTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private EmbeddedStorage _storage = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _storage = await OpenAsync(options => options);

    public async ValueTask DisposeAsync()
    {
        await _storage.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task The_right_password_opens_the_home()
    {
        await AddAsync(new Account { Name = "alice", IsAdministrator = true, StartDirectory = "/in", Limits = new UserLimits { MaxSessions = 3, IdleTimeout = TimeSpan.FromMinutes(1), AllowFxp = true } });
        Assert.IsType<LoginResult.NeedPassword>(await LoginAsync("alice", null));
        LoginResult.Accepted accepted = Assert.IsType<LoginResult.Accepted>(await LoginAsync("alice", "secret"));
        Assert.Equal((true, false, "/in", "alice"), (accepted.IsAdministrator, accepted.IsAnonymous, accepted.StartDirectory.Text, accepted.UserName));
        Assert.Equal(new UserLimits { MaxSessions = 3, IdleTimeout = TimeSpan.FromMinutes(1), AllowFxp = true }, accepted.Limits);
        await accepted.Driver.PutAsync("/mine", [1]);
        Assert.IsType<LoginResult.Accepted>(await LoginAsync("alice", "secret"));
        Assert.IsType<LoginResult.Rejected>(await LoginAsync("alice", "Secret"));
        Assert.IsType<LoginResult.Rejected>(await LoginAsync("alice", ""));
        Assert.IsType<LoginResult.Rejected>(await LoginAsync("Alice", "secret"));
    }

    [Fact]
    public async Task An_unknown_user_is_asked_for_a_password_like_any_other()
    {
        Assert.Equal(new LoginResult.NeedPassword(), await LoginAsync("nobody", null));
        Assert.False(Assert.IsType<LoginResult.Rejected>(await LoginAsync("nobody", "x")).IsFinal);
    }

    /// <summary>Stretching takes a while, and somebody may change the password in it: renewing the hash of the old one must not bring that back.</summary>
    [Fact]
    public async Task A_password_that_is_changed_while_its_hash_is_renewed_stays_changed()
    {
        await AddAsync(new Account { Name = "alice" });
        await _storage.DisposeAsync();
        await using SqlMetadataStore metadata = await SqliteMetadata.OpenAsync(new SqliteMetadataOptions { Path = Path.Combine(_directory.Path, "metadata.db"), Role = MetadataRole.Tool }, Token);
        PasswordHasher hasher = new(new PasswordOptions { Pbkdf2Iterations = 3_000 }, TimeProvider.System);
        AccountStore accounts = new(metadata, hasher, TimeProvider.System);
        string verified = (await metadata.FindAccountAsync("alice", Token))!.PasswordHash!;
        Assert.True(await accounts.SetPasswordAsync("alice", "other", Token));
        await accounts.RenewPasswordAsync("alice", "secret", verified, null, Token);
        string now = (await metadata.FindAccountAsync("alice", Token))!.PasswordHash!;
        Assert.True(await hasher.VerifyAsync(new PasswordLogin("", "other", null, null), now, Token));
        await accounts.RenewPasswordAsync("alice", "other", now, null, Token);
        string renewed = (await metadata.FindAccountAsync("alice", Token))!.PasswordHash!;
        Assert.NotEqual(now, renewed);
        Assert.True(await hasher.VerifyAsync(new PasswordLogin("", "other", null, null), renewed, Token));
        _storage = await OpenAsync(options => options);
    }

    [Fact]
    public async Task A_new_password_counts_at_once()
    {
        await AddAsync(new Account { Name = "alice" });
        Assert.IsType<LoginResult.Accepted>(await LoginAsync("alice", "secret"));
        Assert.True(await _storage.Accounts.SetPasswordAsync("alice", "other", Token));
        Assert.IsType<LoginResult.Rejected>(await LoginAsync("alice", "secret"));
        Assert.IsType<LoginResult.Accepted>(await LoginAsync("alice", "other"));
        Assert.True(await _storage.Accounts.SetPasswordAsync("alice", null, Token));
        Assert.IsType<LoginResult.Rejected>(await LoginAsync("alice", "other"));
        Assert.IsType<LoginResult.Rejected>(await LoginAsync("alice", ""));
        Assert.True(await _storage.Accounts.RemoveAsync("alice", Token));
        Assert.False(await _storage.Accounts.RemoveAsync("alice", Token));
        Assert.False(await _storage.Accounts.SetPasswordAsync("alice", "x", Token));
    }

    [Fact]
    public async Task Disabled_expired_and_barred_accounts_stay_out()
    {
        Account account = new() { Name = "alice" };
        await AddAsync(account);
        await ChangeAsync(account with { IsEnabled = false });
        Assert.IsType<LoginResult.Rejected>(await LoginAsync("alice", "secret"));
        await ChangeAsync(account with { Expires = _clock.GetUtcNow().AddHours(1) });
        Assert.IsType<LoginResult.Accepted>(await LoginAsync("alice", "secret"));
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.IsType<LoginResult.Rejected>(await LoginAsync("alice", "secret"));
        await ChangeAsync(account with { AllowedAddresses = ["10.0.0.0/8", "2001:db8::/32"] });
        Assert.IsType<LoginResult.Rejected>(await LoginAsync("alice", "secret"));
        Assert.IsType<LoginResult.Accepted>(await LoginAsync("alice", "secret", session: new TestSession("10.9.8.7")));
        Assert.IsType<LoginResult.Accepted>(await LoginAsync("alice", "secret", session: new TestSession("2001:db8::7")));
    }

    [Fact]
    public async Task An_account_of_a_virtual_host_does_not_exist_on_others()
    {
        await AddAsync(new Account { Name = "alice", Hosts = ["b.example"] });
        Assert.IsType<LoginResult.NeedPassword>(await LoginAsync("alice", null));
        Assert.IsType<LoginResult.Rejected>(await LoginAsync("alice", "secret"));
        Assert.IsType<LoginResult.Rejected>(await LoginAsync("alice", "secret", session: new TestSession(host: "a.example")));
        Assert.IsType<LoginResult.Accepted>(await LoginAsync("alice", "secret", session: new TestSession(host: "B.example")));
        await Assert.ThrowsAsync<ArgumentException>(async () => await AddAsync(new Account { Name = "bob", Hosts = ["no name"] }));
    }

    [Fact]
    public async Task An_account_that_needs_TLS_is_refused_before_its_password_is_sent()
    {
        await AddAsync(new Account { Name = "alice", RequiresTls = true, RequiresDataTls = true });
        Assert.True(Assert.IsType<LoginResult.Rejected>(await LoginAsync("alice", null)).NeedsTls);
        Assert.True(Assert.IsType<LoginResult.Rejected>(await LoginAsync("alice", "secret")).NeedsTls);
        LoginResult.Accepted accepted = Assert.IsType<LoginResult.Accepted>(await LoginAsync("alice", "secret", session: new TestSession(isProtected: true)));
        Assert.True(accepted.Limits.RequireDataTls);
    }

    [Fact]
    public async Task An_account_whose_end_of_data_is_trusted_says_so_to_the_engine()
    {
        await AddAsync(new Account { Name = "camera", TrustsEndOfData = true });
        await AddAsync(new Account { Name = "bob" });
        Assert.True(Assert.IsType<LoginResult.Accepted>(await LoginAsync("camera", "secret")).Limits.TrustEndOfData);
        Assert.Null(Assert.IsType<LoginResult.Accepted>(await LoginAsync("bob", "secret")).Limits.TrustEndOfData);
    }

    [Fact]
    public async Task An_account_code_is_asked_for_after_the_password()
    {
        await AddAsync(new Account { Name = "alice", AccountCode = "project" });
        Assert.IsType<LoginResult.Rejected>(await LoginAsync("alice", "wrong", "project"));
        Assert.IsType<LoginResult.NeedAccount>(await LoginAsync("alice", "secret"));
        Assert.IsType<LoginResult.Rejected>(await LoginAsync("alice", "secret", "other"));
        Assert.IsType<LoginResult.Accepted>(await LoginAsync("alice", "secret", "project"));
    }

    [Fact]
    public async Task Nobody_is_let_in_anonymously_unless_an_account_is_named_for_it()
    {
        await AddAsync(new Account { Name = "guest", Permissions = FtpPermissions.ReadOnly });
        await AddAsync(new Account { Name = "free", AllowsNoPassword = true });
        Assert.IsType<LoginResult.Rejected>(await LoginAsync("anonymous", "me@example.org"));
        Assert.IsType<LoginResult.Rejected>(await LoginAsync("ftp", ""));
        Assert.IsType<LoginResult.Accepted>(await LoginAsync("free", null));
        Assert.IsType<LoginResult.Accepted>(await LoginAsync("free", ""));
        await _storage.DisposeAsync();
        _storage = await OpenAsync(options => options with { AnonymousAccount = "guest" });
        Assert.IsType<LoginResult.NeedPassword>(await LoginAsync("anonymous", null));
        LoginResult.Accepted accepted = Assert.IsType<LoginResult.Accepted>(await LoginAsync("Anonymous", "me@example.org"));
        Assert.Equal((true, FtpPermissions.ReadOnly, "guest"), (accepted.IsAnonymous, accepted.Permissions, accepted.UserName));
        Assert.IsType<LoginResult.Rejected>(await LoginAsync("guest", "me@example.org"));
    }

    [Fact]
    public async Task A_certificate_stands_for_the_password_by_its_thumbprint_or_by_an_authority()
    {
        using ECDsa key = ECDsa.Create();
        using X509Certificate2 authority = new CertificateRequest("CN=Authority", key, HashAlgorithmName.SHA256) { CertificateExtensions = { new X509BasicConstraintsExtension(true, false, 0, true) } }
            .CreateSelfSigned(_clock.GetUtcNow().AddDays(-1), _clock.GetUtcNow().AddDays(30));
        using ECDsa clientKey = ECDsa.Create();
        using X509Certificate2 issued = new CertificateRequest("CN=alice", clientKey, HashAlgorithmName.SHA256).Create(authority, _clock.GetUtcNow(), _clock.GetUtcNow().AddDays(10), [1, 2, 3]);
        using X509Certificate2 forged = new CertificateRequest("CN=alice", clientKey, HashAlgorithmName.SHA256).CreateSelfSigned(_clock.GetUtcNow(), _clock.GetUtcNow().AddDays(10));
        await AddAsync(new Account { Name = "alice", Certificates = ["CN=alice"] });
        await AddAsync(new Account { Name = "pinned", Certificates = [forged.GetCertHashString(HashAlgorithmName.SHA256)] });
        Assert.IsType<LoginResult.NeedPassword>(await LoginAsync("alice", null, certificate: issued));
        Assert.True(Assert.IsType<LoginResult.Accepted>(await LoginAsync("pinned", null, certificate: forged)).ByCertificate);
        Assert.IsType<LoginResult.NeedPassword>(await LoginAsync("pinned", null, certificate: issued));
        await _storage.DisposeAsync();
        _storage = await OpenAsync(options => options with { ClientCertificateAuthorities = [authority] });
        Assert.True(Assert.IsType<LoginResult.Accepted>(await LoginAsync("alice", null, certificate: issued)).ByCertificate);
        Assert.IsType<LoginResult.NeedPassword>(await LoginAsync("alice", null, certificate: forged));
        Assert.False(Assert.IsType<LoginResult.Accepted>(await LoginAsync("alice", "secret", certificate: forged)).ByCertificate);
        _clock.Advance(TimeSpan.FromDays(11));
        Assert.IsType<LoginResult.NeedPassword>(await LoginAsync("alice", null, certificate: issued));
        Assert.IsType<LoginResult.NeedPassword>(await LoginAsync("pinned", null, certificate: forged));
    }

    [Fact]
    public async Task Rules_are_kept_by_directory_and_come_back_as_paths()
    {
        Account account = new() { Name = "alice", Home = "/homes/alice", Permissions = FtpPermissions.ReadOnly, Rules = [new DirectoryRule("/in/box", FtpPermissions.Write)], QuotaBytes = 5, QuotaFiles = 6 };
        await AddAsync(account);
        Account stored = Assert.IsType<Account>(await _storage.Accounts.FindAsync("alice", Token));
        Assert.Equal(("/homes/alice", 5, 6), (stored.Home, stored.QuotaBytes, stored.QuotaFiles));
        Assert.Equal(account.Rules, stored.Rules);
        LoginResult.Accepted accepted = Assert.IsType<LoginResult.Accepted>(await LoginAsync("alice", "secret"));
        Assert.Equal(FtpPermissions.ReadOnly | FtpPermissions.Write, accepted.Permissions);
        await accepted.Driver.PutAsync("/in/box/a", [1]);
        await FailsAsync(FtpError.PermissionDenied, () => accepted.Driver.PutAsync("/in/a", [1]));
        await FailsAsync(FtpError.PermissionDenied, () => accepted.Driver.GetAsync("/in/box/a"));
        Assert.Equal(["alice"], await _storage.Accounts.ListAsync(Token).Select(each => each.Name).ToListAsync(Token));
    }

    [Fact]
    public async Task A_faulty_account_is_refused_with_every_fault()
    {
        Account account = new() { Name = "", Home = "x", AllowedAddresses = ["nowhere"], Certificates = ["?"], QuotaBytes = -1, StartDirectory = "" };
        ArgumentException exception = await Assert.ThrowsAsync<ArgumentException>(async () => await _storage.Accounts.AddAsync(account, null, Token));
        foreach (string part in (string[])["name", "Home", "nowhere", "'?'", "QuotaBytes", "StartDirectory"])
            Assert.Contains(part, exception.Message, StringComparison.Ordinal);
        await AddAsync(new Account { Name = "alice" });
        Assert.False(await _storage.Accounts.AddAsync(new Account { Name = "alice" }, "x", Token));
        Assert.False(await _storage.Accounts.UpdateAsync(new Account { Name = "bob" }, Token));
    }

    [Fact]
    public async Task Other_sources_of_logins_are_asked_first()
    {
        await _storage.DisposeAsync();
        _storage = await OpenAsync(options => options with { Authenticators = [new OneUser()] });
        await AddAsync(new Account { Name = "alice" });
        Assert.IsType<LoginResult.Accepted>(await LoginAsync("alice", "secret"));
        LoginResult.Accepted accepted = Assert.IsType<LoginResult.Accepted>(await LoginAsync("guest", "1234"));
        await accepted.Driver.PutAsync("/a", [1]);
        Assert.IsType<LoginResult.Rejected>(await LoginAsync("guest", "1235"));
        _clock.Advance(TimeSpan.FromDays(2));
        Assert.IsType<LoginResult.Rejected>(await LoginAsync("guest", "1234"));
    }

    private async Task<EmbeddedStorage> OpenAsync(Func<StorageOptions, StorageOptions> change) => await EmbeddedStorage.OpenAsync(
        change(new StorageOptions
        {
            DataDirectory = _directory.Path,
            Durability = Durability.Relaxed,
            CollectInterval = Timeout.InfiniteTimeSpan,
            FreeSpaceFloorBytes = 0,
            Passwords = new PasswordOptions { Pbkdf2Iterations = 1_000 },
        }),
        timeProvider: _clock,
        cancellationToken: Token);

    private async Task AddAsync(Account account) => Assert.True(await _storage.Accounts.AddAsync(account, "secret", Token));

    [Fact]
    public async Task Of_changes_of_an_account_at_the_same_time_none_is_lost()
    {
        await AddAsync(new Account { Name = "alice", QuotaBytes = 1 });
        await Task.WhenAll(Enumerable.Range(0, 8).Select(each => Task.Run(async () =>
        {
            for (int i = 0; i < 5; i++)
            {
                Assert.True(await _storage.Accounts.ChangeAsync(
                    "alice", account => account with { QuotaBytes = account.QuotaBytes + 1, Rules = [.. account.Rules, new DirectoryRule($"/{each}/{i}", FtpPermissions.Read)] }, Token));
            }
        }, Token)));
        Account changed = (await _storage.Accounts.FindAsync("alice", Token))!;
        Assert.Equal((41L, 40), (changed.QuotaBytes, changed.Rules.Count));
        Assert.IsType<LoginResult.Accepted>(await LoginAsync("alice", "secret"));
        Assert.False(await _storage.Accounts.ChangeAsync("bob", account => account, Token));
        await Assert.ThrowsAsync<ArgumentException>(async () => await _storage.Accounts.ChangeAsync("alice", account => account with { QuotaBytes = -1 }, Token));
    }

    private async Task ChangeAsync(Account account) => Assert.True(await _storage.Accounts.UpdateAsync(account, Token));

    private async Task<LoginResult> LoginAsync(string user, string? password, string? account = null, FtpSessionInfo? session = null, X509Certificate2? certificate = null) =>
        await _storage.Driver.AuthenticateAsync(
            new LoginRequest { Session = session ?? new TestSession(), User = user, Password = password, Account = account, ClientCertificate = certificate }, Token);

    private sealed class OneUser : IAuthenticator
    {
        public ValueTask<Authentication> AuthenticateAsync(LoginRequest request, CancellationToken cancellationToken) => ValueTask.FromResult<Authentication>(
            request.User != "guest" ? new Authentication.NotMine()
            : request.Password is null ? new Authentication.NeedPassword("Your number?")
            : request.Password == "1234" ? new Authentication.Accepted(new Account { Name = "guest", Expires = new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero) })
            : new Authentication.Rejected("No."));
    }
}
