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
        SessionRegistry registry = new();
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
