using Microsoft.Extensions.Time.Testing;
using ZeroFtp.Protocol.Data;

namespace ZeroFtp.Tests.Protocol.Data;

public sealed class TransferMeterTests
{
    [Fact]
    public async Task Counts_and_remembers_when_something_moved_last()
    {
        FakeTimeProvider clock = new();
        TransferMeter meter = new(clock, []);
        clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(TimeSpan.FromSeconds(3), meter.Silence);
        await meter.CountAsync(5, CancellationToken.None);
        await meter.CountAsync(7, CancellationToken.None);
        Assert.Equal(12, meter.Bytes);
        Assert.Equal(TimeSpan.Zero, meter.Silence);
    }

    /// <summary>A slow rate is no stall.</summary>
    [Fact]
    public async Task Waits_as_long_as_the_slowest_rate_demands_without_seeming_stalled()
    {
        FakeTimeProvider clock = new();
        TransferMeter meter = new(clock, [new RateLimiter(1000, clock), new RateLimiter(100, clock)]);
        Task waiting = meter.CountAsync(1000, CancellationToken.None).AsTask();
        for (int second = 0; second < 9; second++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            Assert.False(waiting.IsCompleted);
            Assert.InRange(meter.Silence, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        }
        clock.Advance(TimeSpan.FromSeconds(1));
        await waiting.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }
}
