using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Xunit.v3;

[assembly: ZeroFtp.Tests.Support.Watched]

namespace ZeroFtp.Tests.Support;

/// <summary>
/// Ends a run in which something does not end, and says what: every wait of a test is to have a bound of its own (<see cref="Bounded"/>), but one that is wrong in this must not hold up a machine for hours.
/// A test is first cancelled, by the token that most of them pass on, then the run is ended; so is one in which no test runs and none begins, since a fixture or the end of the process hangs then. The time is
/// far above what the slowest test takes; ZEROFTP_TEST_LIMIT_SECONDS changes it.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly)]
internal sealed class WatchedAttribute : BeforeAfterTestAttribute
{
    private static readonly ConcurrentDictionary<string, (string Name, long Began, ITestContext Context)> Running = new();
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(Seconds("ZEROFTP_TEST_LIMIT_SECONDS", 900) + (2 * Seconds("ZEROFTP_TORTURE_SECONDS", 0)));
    private static readonly Timer Watch = new(static _ => Look(), null, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5));

    private static (string Name, long At) _last;

    public override void Before(MethodInfo methodUnderTest, IXunitTest test)
    {
        GC.KeepAlive(Watch);
        Running[test.UniqueID] = (test.TestDisplayName, Stopwatch.GetTimestamp(), TestContext.Current);
    }

    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        lock (Running)
            _last = (test.TestDisplayName, Stopwatch.GetTimestamp());
        Running.TryRemove(test.UniqueID, out _);
    }

    private static void Look()
    {
        foreach ((string name, long began, ITestContext context) in Running.Values)
        {
            if (Stopwatch.GetElapsedTime(began) <= 0.8 * Limit || context.CancellationToken.IsCancellationRequested)
                continue;
            Console.Error.WriteLine($"After {0.8 * Limit.TotalSeconds} s there has not ended, and is cancelled: {name}");
            context.CancelCurrentTest();
        }
        string[] late = [.. Running.Values.Where(static test => Stopwatch.GetElapsedTime(test.Began) > Limit).Select(static test => test.Name)];
        if (late.Length > 0)
            Environment.FailFast($"After {Limit.TotalSeconds} s there has not ended: {string.Join("; ", late)}");
        (string last, long at) = Last();
        if (Running.IsEmpty && at != 0 && Stopwatch.GetElapsedTime(at) > 0.5 * Limit)
            Environment.FailFast($"For {0.5 * Limit.TotalSeconds} s no test has run and the run has not ended: a fixture, or the process, does not end. The last test was: {last}");
    }

    private static (string Name, long At) Last()
    {
        lock (Running)
            return _last;
    }

    private static double Seconds(string name, double otherwise) =>
        double.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out double seconds) ? seconds : otherwise;
}
