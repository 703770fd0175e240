using System.Net;
using Microsoft.Extensions.Time.Testing;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Options;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Tests.Protocol.Sessions;

public sealed class LoginThrottleTests
{
    private static readonly IPNetwork Bad = IPNetwork.Parse("192.0.2.66/32"), Good = IPNetwork.Parse("192.0.2.7/32");
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void The_delay_doubles_to_its_most_and_goes_back_with_what_is_forgiven()
    {
        LoginThrottle throttle = new(new FtpLimitOptions(), _clock);
        Assert.Equal([5, 10, 20, 20], Enumerable.Range(0, 4).Select(_ => throttle.Fail(Bad).TotalSeconds));
        Assert.Equal(5, throttle.Fail(Good).TotalSeconds);
        throttle.Forgive(Bad, 3);
        Assert.Equal(10, throttle.Fail(Bad).TotalSeconds);
        throttle.Forgive(Bad, 9);
        Assert.Equal(5, throttle.Fail(Bad).TotalSeconds);
    }

    [Fact]
    public void A_failure_counts_for_as_long_as_the_window_and_no_longer()
    {
        LoginThrottle throttle = new(new FtpLimitOptions { MaxLoginFailuresPerAddress = 10 }, _clock);
        // A device with a stale password, every two minutes for a day: never more than six within ten minutes.
        for (int i = 0; i < 720; i++)
        {
            throttle.Fail(Bad);
            Assert.False(throttle.IsBarred(Bad));
            _clock.Advance(TimeSpan.FromMinutes(2));
        }
        for (int i = 0; i < 5; i++)
            throttle.Fail(Bad);
        Assert.True(throttle.IsBarred(Bad));
    }

    [Fact]
    public void A_window_without_end_forgets_nothing()
    {
        LoginThrottle throttle = new(new FtpLimitOptions { MaxLoginFailuresPerAddress = 2, LoginWindow = TimeSpan.MaxValue }, _clock);
        throttle.Fail(Bad);
        _clock.Advance(TimeSpan.FromDays(3650));
        throttle.Fail(Bad);
        Assert.True(throttle.IsBarred(Bad));
    }

    [Fact]
    public void Bars_an_address_after_too_many_failures_until_the_window_is_over()
    {
        LoginThrottle throttle = new(new FtpLimitOptions { MaxLoginFailuresPerAddress = 3 }, _clock);
        throttle.Fail(Bad);
        throttle.Fail(Bad);
        Assert.False(throttle.IsBarred(Bad));
        throttle.Fail(Bad);
        Assert.True(throttle.IsBarred(Bad));
        Assert.True(throttle.IsBarred(Bad));
        Assert.False(throttle.IsBarred(Good));
        Assert.False(throttle.IsBarred(null));
        _clock.Advance(TimeSpan.FromMinutes(11));
        Assert.False(throttle.IsBarred(Bad));
        Assert.Equal(5, throttle.Fail(Bad).TotalSeconds);
    }

    [Theory]
    [InlineData(64, "2001:db8:0:1::9", true)]
    [InlineData(64, "2001:db8:0:2::1", false)]
    [InlineData(48, "2001:db8:0:2::1", true)]
    [InlineData(128, "2001:db8:0:1::9", false)]
    public void IPv6_addresses_of_one_prefix_are_barred_together(int prefixLength, string other, bool barred)
    {
        LoginThrottle throttle = new(new FtpLimitOptions { MaxLoginFailuresPerAddress = 1 }, _clock);
        throttle.Fail(Addresses.ClientOf(IPAddress.Parse("2001:db8:0:1::1"), prefixLength));
        Assert.Equal(barred, throttle.IsBarred(Addresses.ClientOf(IPAddress.Parse(other), prefixLength)));
    }

    [Fact]
    public void Is_off_without_a_limit_of_failures()
    {
        LoginThrottle throttle = new(new FtpLimitOptions { MaxLoginFailures = 0, MaxLoginFailuresPerAddress = 1 }, _clock);
        Assert.Equal(TimeSpan.Zero, throttle.Fail(Bad));
        Assert.False(throttle.IsBarred(Bad));
    }

    [Fact]
    public void Remembers_a_bounded_number_of_addresses_the_newest_ones()
    {
        LoginThrottle throttle = new(new FtpLimitOptions { MaxRememberedAddresses = 10, MaxLoginFailuresPerAddress = 1 }, _clock);
        for (byte i = 0; i < 100; i++)
        {
            throttle.Fail(new IPNetwork(new IPAddress([10, 0, 0, i]), 32));
            _clock.Advance(TimeSpan.FromSeconds(1));
        }
        int remembered = Enumerable.Range(0, 100).Count(i => throttle.IsBarred(new IPNetwork(new IPAddress([10, 0, 0, (byte)i]), 32)));
        Assert.InRange(remembered, 1, 10);
        Assert.True(throttle.IsBarred(new IPNetwork(new IPAddress([10, 0, 0, 99]), 32)));
    }
}
