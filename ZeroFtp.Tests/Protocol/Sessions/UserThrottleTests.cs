using System.Net;
using Microsoft.Extensions.Time.Testing;
using ZeroFtp.Protocol.Options;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Tests.Protocol.Sessions;

public sealed class UserThrottleTests
{
    private static readonly IPNetwork Home = IPNetwork.Parse("192.0.2.7/32");
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void Beyond_the_limit_the_logins_of_a_name_take_turns_and_others_do_not()
    {
        UserThrottle throttle = Create(100);
        for (int i = 0; i < 99; i++)
        {
            Assert.Equal(TimeSpan.Zero, throttle.Admit("alice", Stranger(i)));
            Assert.False(throttle.Fail("alice", Stranger(i)));
        }
        Assert.True(throttle.Fail("alice", Stranger(99)));
        Assert.False(throttle.Fail("alice", Stranger(100)));
        // 100 in ten minutes are one in six seconds, and no more wait than twenty seconds have room for.
        Assert.Equal([0, 6, 12, 18, null], Enumerable.Range(0, 5).Select(i => throttle.Admit("alice", Stranger(200 + i))?.TotalSeconds));
        Assert.Equal(TimeSpan.Zero, throttle.Admit("bob", Stranger(1)));
        _clock.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal([0, 6], Enumerable.Range(0, 2).Select(i => throttle.Admit("alice", Stranger(300 + i))?.TotalSeconds));
        _clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal([0, 0, 0], Enumerable.Range(0, 3).Select(i => throttle.Admit("alice", Stranger(400 + i))?.TotalSeconds));
    }

    [Fact]
    public void The_owner_is_never_kept_out_from_where_the_name_has_logged_in()
    {
        UserThrottle throttle = Create(10);
        throttle.Succeed("alice", Home, 0);
        for (int i = 0; i < 1_000; i++)
            throttle.Fail("alice", Stranger(i));
        for (int i = 0; i < 100; i++)
            Assert.Equal(TimeSpan.Zero, throttle.Admit("alice", Home));
        Assert.Equal([0, 20, null], Enumerable.Range(0, 3).Select(i => throttle.Admit("alice", Stranger(i))?.TotalSeconds));
        Assert.Equal(TimeSpan.Zero, throttle.Admit("bob", Home));
    }

    [Fact]
    public void Failures_from_where_the_name_has_logged_in_and_ones_own_typing_errors_slow_nobody_down()
    {
        UserThrottle throttle = Create(10);
        throttle.Succeed("alice", Home, 0);
        for (int i = 0; i < 100; i++)
            Assert.False(throttle.Fail("alice", Home));
        for (int i = 0; i < 20; i++)
        {
            Assert.False(throttle.Fail("alice", Stranger(i)));
            throttle.Succeed("alice", Stranger(i), 1);
        }
        Assert.Equal(TimeSpan.Zero, throttle.Admit("alice", Stranger(99)));
    }

    [Fact]
    public void Remembers_a_bounded_number_of_names_those_that_fail_most()
    {
        UserThrottle throttle = Create(2, remembered: 100);
        throttle.Fail("alice", Stranger(1));
        throttle.Fail("alice", Stranger(2));
        for (int i = 0; i < 10_000; i++)
            throttle.Fail($"nobody{i}", Stranger(i));
        Assert.Equal([0, 20], Enumerable.Range(0, 2).Select(i => throttle.Admit("alice", Stranger(i))?.TotalSeconds));
        for (int i = 0; i < 10_000; i++)
            throttle.Succeed($"user{i}", Home, 0);
        Assert.InRange(throttle.Remembered, 1, 200);
    }

    [Theory]
    [InlineData(0, 100)]
    [InlineData(3, 0)]
    public void Is_off_without_a_limit(int failures, int perUser)
    {
        UserThrottle throttle = new(new FtpLimitOptions { MaxLoginFailures = failures, MaxLoginFailuresPerUser = perUser }, _clock);
        for (int i = 0; i < 1_000; i++)
            Assert.False(throttle.Fail("alice", Stranger(i)));
        Assert.Equal(TimeSpan.Zero, throttle.Admit("alice", Stranger(1)));
    }

    private static IPNetwork Stranger(int number) => new(new IPAddress([10, 0, (byte)(number >> 8), (byte)number]), 32);

    private UserThrottle Create(int limit, int remembered = 100_000) => new(new FtpLimitOptions { MaxLoginFailuresPerUser = limit, MaxRememberedAddresses = remembered }, _clock);
}
