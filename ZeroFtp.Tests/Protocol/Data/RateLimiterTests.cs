using Microsoft.Extensions.Time.Testing;
using ZeroFtp.Protocol.Data;

namespace ZeroFtp.Tests.Protocol.Data;

public sealed class RateLimiterTests
{
    [Fact]
    public void Lets_a_quarter_of_a_second_go_at_once_and_then_keeps_the_rate()
    {
        FakeTimeProvider clock = new();
        RateLimiter limiter = new(1000, clock);
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(TimeSpan.Zero, limiter.Take(250));
        Assert.Equal(TimeSpan.FromSeconds(1), limiter.Take(1000));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.FromSeconds(0.5), limiter.Take(500));
    }

    /// <summary>Two transfers that share a limiter and wait as it says have its rate together.</summary>
    [Fact]
    public void Is_shared()
    {
        FakeTimeProvider clock = new();
        RateLimiter limiter = new(1000, clock);
        long sent = 0;
        DateTimeOffset[] free = [clock.GetUtcNow(), clock.GetUtcNow()];
        for (int tick = 0; tick < 1000; tick++)
        {
            for (int i = 0; i < free.Length; i++)
            {
                if (free[i] > clock.GetUtcNow())
                    continue;
                sent += 100;
                free[i] = clock.GetUtcNow() + limiter.Take(100);
            }
            clock.Advance(TimeSpan.FromMilliseconds(10));
        }
        Assert.InRange(sent, 9_900, 10_600);
    }
}
