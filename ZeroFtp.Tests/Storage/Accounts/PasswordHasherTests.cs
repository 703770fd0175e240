using ZeroFtp.Storage.Accounts;

namespace ZeroFtp.Tests.Storage.Accounts;

public sealed class PasswordHasherTests
{
    private static readonly PasswordOptions Cheap = new() { Pbkdf2Iterations = 1_000, Argon2MemoryKib = 1_024, Argon2Passes = 1 };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(PasswordScheme.Pbkdf2Sha512, "$pbkdf2-sha512$i=1000$")]
    [InlineData(PasswordScheme.Argon2Id, "$argon2id$v=19$m=1024,t=1,p=1$")]
    public async Task A_hash_knows_its_password_and_no_other(PasswordScheme scheme, string start)
    {
        PasswordHasher hasher = new(Cheap with { Scheme = scheme }, TimeProvider.System);
        string hash = await hasher.HashAsync("sécret\U000F00FF", null, Token);
        Assert.StartsWith(start, hash, StringComparison.Ordinal);
        Assert.True(await hasher.VerifyAsync(new PasswordLogin("", "sécret\U000F00FF", null, null), hash, Token));
        Assert.False(await hasher.VerifyAsync(new PasswordLogin("", "sécret", null, null), hash, Token));
        Assert.False(await hasher.VerifyAsync(new PasswordLogin("", "", null, null), hash, Token));
        Assert.NotEqual(hash, await hasher.HashAsync("sécret\U000F00FF", null, Token));
        Assert.False(hasher.NeedsRenewal(hash));
        string empty = await hasher.HashAsync("", null, Token);
        Assert.True(await hasher.VerifyAsync(new PasswordLogin("", "", null, null), empty, Token));
        Assert.False(await hasher.VerifyAsync(new PasswordLogin("", "x", null, null), empty, Token));
    }

    [Fact]
    public async Task Hashes_of_other_costs_stay_valid_and_are_to_be_renewed()
    {
        PasswordHasher old = new(Cheap with { Pbkdf2Iterations = 2_000 }, TimeProvider.System);
        PasswordHasher young = new(Cheap with { Scheme = PasswordScheme.Argon2Id }, TimeProvider.System);
        string hash = await old.HashAsync("a", null, Token);
        Assert.True(await young.VerifyAsync(new PasswordLogin("", "a", null, null), hash, Token));
        Assert.True(young.NeedsRenewal(hash));
    }

    [Fact]
    public async Task Many_logins_of_one_account_at_once_cost_one_hashing()
    {
        PasswordOptions options = Cheap with { MaxConcurrentHashes = 1 };
        PasswordHasher hasher = new(options, TimeProvider.System);
        VerifiedLogins verified = new(options, TimeProvider.System);
        string hash = await hasher.HashAsync("a", null, Token);
        Assert.All(await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => hasher.VerifyAsync(new PasswordLogin("alice", "a", null, verified), hash, Token).AsTask())), Assert.True);
        Assert.Equal(1, hasher.Comparisons);
        Assert.False(await hasher.VerifyAsync(new PasswordLogin("alice", "b", null, verified), hash, Token));
        Assert.Equal(2, hasher.Comparisons);
    }

    /// <summary>The value was computed with Python's hashlib.</summary>
    [Fact]
    public async Task A_hash_that_another_program_made_is_understood()
    {
        PasswordHasher hasher = new(Cheap, TimeProvider.System);
        const string Hash = "$pbkdf2-sha512$i=1000$c2FsdHNhbHRzYWx0c2FsdA$SENTINEL";
        Assert.False(await hasher.VerifyAsync(new PasswordLogin("", "password", null, null), Hash, Token));
        Assert.True(await hasher.VerifyAsync(new PasswordLogin("", "password", null, null), Hash.Replace("SENTINEL", PythonHash, StringComparison.Ordinal), Token));
    }

    private const string PythonHash = "715rqIr5dXOVPpBhqqsugl037zT5bWJTWYmZtIcK8hBnisKpwfY7kokvwjDrNHqHhF50Pb7MD6HvkJwiDQw4ww";

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("secret")]
    [InlineData("$pbkdf2-sha512$i=0$c2FsdHNhbHQ$AAAA")]
    [InlineData("$pbkdf2-sha512$i=-5$c2FsdHNhbHQ$AAAA")]
    [InlineData("$pbkdf2-sha512$i=999999999999$c2FsdHNhbHQ$AAAA")]
    [InlineData("$argon2id$v=19$m=99999999,t=1,p=1$c2FsdHNhbHQ$AAAA")]
    [InlineData("$pbkdf2-sha512$i=1000$!!$AAAA")]
    [InlineData("$pbkdf2-sha512$i=1000$c2FsdHNhbHQ$")]
    public async Task What_is_no_hash_fits_no_password(string? hash)
    {
        PasswordHasher hasher = new(Cheap, TimeProvider.System);
        Assert.False(await hasher.VerifyAsync(new PasswordLogin("", "secret", null, null), hash, Token));
        Assert.False(PasswordHash.TryParse(hash, out _));
    }
}
