using Microsoft.Extensions.Time.Testing;
using ZeroFtp.Storage.Accounts;

namespace ZeroFtp.Tests.Storage.Accounts;

public sealed class VerifiedLoginsTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void A_login_is_remembered_with_its_password_and_its_hash_for_a_while()
    {
        VerifiedLogins logins = new(new PasswordOptions { RememberFor = TimeSpan.FromMinutes(1) }, _clock);
        Assert.False(logins.Contains("a", "hash", "secret"));
        logins.Add("a", "hash", "secret");
        Assert.True(logins.Contains("a", "hash", "secret"));
        Assert.False(logins.Contains("a", "hash", "Secret"));
        Assert.False(logins.Contains("a", "other hash", "secret"));
        Assert.False(logins.Contains("b", "hash", "secret"));
        _clock.Advance(TimeSpan.FromSeconds(59));
        Assert.True(logins.Contains("a", "hash", "secret"));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False(logins.Contains("a", "hash", "secret"));
    }

    [Fact]
    public void Parts_cannot_be_shifted_into_each_other()
    {
        VerifiedLogins logins = new(new PasswordOptions(), _clock);
        logins.Add("a", "b", "cd");
        Assert.False(logins.Contains("a", "bc", "d"));
    }

    [Fact]
    public void Memory_is_bounded_and_the_latest_are_kept()
    {
        VerifiedLogins logins = new(new PasswordOptions { RememberAtMost = 100 }, _clock);
        for (int i = 0; i < 1_000; i++)
            logins.Add("user" + i, "hash", "secret");
        int known = Enumerable.Range(0, 1_000).Count(i => logins.Contains("user" + i, "hash", "secret"));
        Assert.InRange(known, 50, 100);
        Assert.True(logins.Contains("user999", "hash", "secret"));
    }

    [Fact]
    public void Nothing_is_remembered_if_that_is_switched_off()
    {
        VerifiedLogins logins = new(new PasswordOptions { RememberFor = TimeSpan.Zero }, _clock);
        logins.Add("a", "hash", "secret");
        Assert.False(logins.Contains("a", "hash", "secret"));
    }
}
