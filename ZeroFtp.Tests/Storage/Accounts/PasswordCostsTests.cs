using ZeroFtp.Protocol.Options;
using ZeroFtp.Storage.Accounts;
using ZeroFtp.Storage.Embedded;
using ZeroFtp.Storage.Metadata;
using ZeroFtp.Storage.Options;
using ZeroFtp.Tests.Storage.Support;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Storage.Accounts;

/// <summary>Neither USER nor PASS tells by its time which names exist. What is compared is the work that is done, not microseconds.</summary>
public sealed class PasswordCostsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_wrong_password_costs_the_same_whatever_hash_it_is_compared_with()
    {
        PasswordParameters configured = Pbkdf2(150_000), old = Pbkdf2(100_000), dear = Pbkdf2(210_000), memory = new(PasswordScheme.Argon2Id, 2, 19_456, 1), lanes = new(PasswordScheme.Argon2Id, 1, 65_536, 4);
        PasswordCosts costs = new(configured);
        Assert.Empty(costs.PaddingAfter(configured));
        foreach (PasswordParameters stored in new[] { old, dear, memory, lanes })
            costs.Add(stored);
        foreach (PasswordParameters compared in new[] { configured, old, dear, memory, lanes })
        {
            PasswordParameters[] done = [compared, .. costs.PaddingAfter(compared)];
            Assert.Equal(210_000, done.Where(cost => cost.Scheme == PasswordScheme.Pbkdf2Sha512).Sum(cost => cost.Iterations));
            Assert.Equivalent(new[] { memory, lanes }, done.Where(cost => cost.Scheme == PasswordScheme.Argon2Id), strict: true);
        }
    }

    [Fact]
    public async Task The_costs_that_are_stored_are_known_from_the_start_on()
    {
        foreach (int iterations in new[] { 1_000, 2_000, 3_000 })
        {
            await using EmbeddedStorage before = await OpenAsync(new PasswordOptions { Pbkdf2Iterations = iterations });
            Assert.True(await before.Accounts.AddAsync(new Account { Name = $"user{iterations}" }, "secret", Token));
        }
        await using (EmbeddedStorage argon2 = await OpenAsync(new PasswordOptions { Scheme = PasswordScheme.Argon2Id, Argon2MemoryKib = 1_024, Argon2Passes = 1 }))
            Assert.True(await argon2.Accounts.AddAsync(new Account { Name = "memory" }, "secret", Token));
        await using EmbeddedStorage storage = await OpenAsync(new PasswordOptions { Pbkdf2Iterations = 1_500 });
        Assert.Equivalent(
            new[] { Pbkdf2(1_500), Pbkdf2(1_000), Pbkdf2(2_000), Pbkdf2(3_000), new PasswordParameters(PasswordScheme.Argon2Id, 1, 1_024, 1) }, storage.PasswordCosts.Known, strict: true);
    }

    [Fact]
    public async Task A_login_with_a_name_that_does_not_exist_takes_the_way_of_one_that_does()
    {
        await using EmbeddedStorage storage = await OpenAsync(new PasswordOptions { Pbkdf2Iterations = 1_000 });
        Assert.True(await storage.Accounts.AddAsync(new Account { Name = "alice" }, "secret", Token));
        IMetadataStore metadata = storage.Metadata;
        AccountRow known = await metadata.FindLoginAsync("alice", "hash", AccountMapping.DecoySettings, Token);
        AccountRow unknown = await metadata.FindLoginAsync("nobody", "hash", AccountMapping.DecoySettings, Token);
        Assert.False(known.IsDecoy);
        Assert.True(unknown.IsDecoy);
        Assert.Equal("nobody", unknown.Name);
        Assert.Equal("hash", unknown.PasswordHash);
        // As much to read and to decode: the settings differ in their revision only.
        Assert.Equal(known.Settings.Length, unknown.Settings.Length);
        Assert.Equal(AccountMapping.ToAccount(known, null, []) with { Name = "", AllowedAddresses = [], Hosts = [], Certificates = [], Rules = [] },
            AccountMapping.ToAccount(unknown with { IsDisabled = false, Permissions = known.Permissions }, null, []) with { Name = "", AllowedAddresses = [], Hosts = [], Certificates = [], Rules = [] });
        await using MemoryServer server = new(storage.Driver, new FtpServerOptions { Limits = new FtpLimitOptions { MaxLoginFailures = 0 } });
        MemoryClient client = server.Connect();
        await client.ExpectAsync(220);
        Assert.Equal(await client.SendAsync("USER alice"), await client.SendAsync("USER nobody"));
        await client.SendAsync("PASS secret", 530);
    }

    private static PasswordParameters Pbkdf2(int iterations) => new(PasswordScheme.Pbkdf2Sha512, iterations, 0, 0);

    private ValueTask<EmbeddedStorage> OpenAsync(PasswordOptions passwords) => EmbeddedStorage.OpenAsync(
        new StorageOptions { DataDirectory = Path.Combine(_directory.Path, "data"), CollectInterval = Timeout.InfiniteTimeSpan, FreeSpaceFloorBytes = 0, Passwords = passwords }, cancellationToken: Token);
}
