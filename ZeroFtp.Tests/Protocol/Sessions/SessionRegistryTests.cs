using System.Net;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Tests.Protocol.Sessions;

public sealed class SessionRegistryTests
{
    private static readonly IPAddress One = IPAddress.Parse("192.0.2.1"), Two = IPAddress.Parse("192.0.2.2");

    [Fact]
    public void Counts_in_total_and_by_address()
    {
        SessionRegistry registry = new(64);
        Assert.True(registry.TryEnter(One, 3, 2));
        Assert.True(registry.TryEnter(One.MapToIPv6(), 3, 2));
        Assert.False(registry.TryEnter(One, 3, 2));
        Assert.True(registry.TryEnter(Two, 3, 2));
        Assert.False(registry.TryEnter(null, 3, 2));
        Assert.Equal(3, registry.Count);
        registry.Leave(One);
        Assert.True(registry.TryEnter(One, 3, 2));
        registry.Leave(Two);
        Assert.True(registry.TryEnter(null, 3, 2));
    }

    [Theory]
    [InlineData(64, "2001:db8:0:1:ffff::9", false)]
    [InlineData(64, "2001:db8:0:2::1", true)]
    [InlineData(56, "2001:db8:0:2::1", false)]
    [InlineData(128, "2001:db8:0:1::2", true)]
    public void IPv6_addresses_of_one_prefix_count_as_one(int prefixLength, string second, bool fits)
    {
        SessionRegistry registry = new(prefixLength);
        Assert.True(registry.TryEnter(IPAddress.Parse("2001:db8:0:1::1"), 9, 1));
        Assert.Equal(fits, registry.TryEnter(IPAddress.Parse(second), 9, 1));
        registry.Leave(IPAddress.Parse("2001:db8:0:1::77"));
        Assert.Equal(prefixLength < 128, registry.TryEnter(IPAddress.Parse("2001:db8:0:1::1"), 9, 1));
    }

    [Fact]
    public void A_user_has_as_many_sessions_as_allowed_and_they_share_their_rates()
    {
        UserSessions users = new();
        UserLimits limits = new() { MaxSessions = 2, DownloadBytesPerSecond = 1000 };
        Assert.True(users.TryEnter("alice", limits, TimeProvider.System, out var first, out var upload));
        Assert.True(users.TryEnter("alice", limits, TimeProvider.System, out var second, out _));
        Assert.Same(first, second);
        Assert.Null(upload);
        Assert.False(users.TryEnter("alice", limits, TimeProvider.System, out _, out _));
        Assert.True(users.TryEnter("bob", limits, TimeProvider.System, out var other, out _));
        Assert.NotSame(first, other);
        users.Leave("alice");
        Assert.True(users.TryEnter("alice", limits, TimeProvider.System, out _, out _));
    }
}
