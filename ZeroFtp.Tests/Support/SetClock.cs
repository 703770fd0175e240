using Microsoft.Extensions.Time.Testing;

namespace ZeroFtp.Tests.Support;

/// <summary>
/// A clock that shows what a test sets, but on which waits take their real time: for stores, which wait a moment before they try again what a busy database refused. On a clock that only the test moves they
/// would wait for ever, and whether they have to depends on the load of the machine.
/// </summary>
internal sealed class SetClock(DateTimeOffset start) : FakeTimeProvider(start)
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => System.CreateTimer(callback, state, dueTime, period);
}
