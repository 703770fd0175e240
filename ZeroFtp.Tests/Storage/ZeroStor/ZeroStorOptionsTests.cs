using ZeroFtp.Storage.Objects.ZeroStor;

namespace ZeroFtp.Tests.Storage.ZeroStor;

public sealed class ZeroStorOptionsTests
{
    private static readonly ZeroStorOptions Good = new() { Daemons = ["http://10.0.0.1:8080", "unix:/run/zstor"] };

    [Fact]
    public void The_defaults_are_valid() => Assert.Empty(Good.Validate());

    [Fact]
    public void Every_fault_is_told_at_once()
    {
        ZeroStorOptions bad = new()
        {
            Daemons = ["10.0.0.1:8080", "https://a:1"],
            ExtentBytes = 1,
            WriteMemoryBytes = 0,
            WriteReserveBytes = 0,
            ReadMemoryBytes = 0,
            MaxWritesInFlight = 0,
            MaxReadsInFlight = 0,
            MaxUpkeepInFlight = 0,
            CallTimeout = TimeSpan.Zero,
            RetryBudget = TimeSpan.FromDays(1),
            RetryDelay = TimeSpan.FromDays(1),
            MaxRetryDelay = TimeSpan.Zero,
            HedgeReadsAfter = TimeSpan.Zero,
            BreakerFailureRatio = 2,
            BreakerMinimumCalls = 0,
            BreakerWindow = TimeSpan.Zero,
            BreakerPause = TimeSpan.Zero,
            ConnectTimeout = TimeSpan.Zero,
            VerifyEvery = -1,
            CorruptRetries = -1,
        };
        Assert.Equal(21, bad.Validate().Count);
        Assert.Throws<ArgumentException>(() => new ZeroStorObjectStore(bad));
    }

    [Fact]
    public void A_daemon_is_named_once() => Assert.Single((Good with { Daemons = ["http://a:1", "http://A:1"] }).Validate());

    [Fact]
    public void There_is_at_least_one_daemon() => Assert.Single((Good with { Daemons = [] }).Validate());
}
