namespace ZeroFtp.Tests.Support;

/// <summary>
/// Shows the time of a clock that a test sets, but waits take their real time: for stores, which wait a moment before they try again what a busy database refused. On a clock that only the test moves they
/// would wait for ever, and whether they have to depends on the load of the machine.
/// </summary>
internal sealed class SetClock(TimeProvider shown) : TimeProvider
{
    public override long TimestampFrequency => shown.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => shown.GetUtcNow();

    public override long GetTimestamp() => shown.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => System.CreateTimer(callback, state, dueTime, period);
}
