using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Xunit.v3;

[assembly: ZeroFtp.Tests.Support.Watched]

namespace ZeroFtp.Tests.Support;

/// <summary>
/// Ends a run in which a test does not end, and says which: every test is to end by itself, but one that is wrong in this must not hold up a machine for hours. The time is far above what the slowest
/// takes; ZEROFTP_TEST_LIMIT_SECONDS changes it.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly)]
internal sealed class WatchedAttribute : BeforeAfterTestAttribute
{
    private static readonly ConcurrentDictionary<string, (string Name, long Began)> Running = new();
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(Seconds("ZEROFTP_TEST_LIMIT_SECONDS", 900) + (2 * Seconds("ZEROFTP_TORTURE_SECONDS", 0)));
    private static readonly Timer Watch = new(static _ => Look(), null, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5));

    public override void Before(MethodInfo methodUnderTest, IXunitTest test)
    {
        GC.KeepAlive(Watch);
        Running[test.UniqueID] = (test.TestDisplayName, Stopwatch.GetTimestamp());
    }

    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        Running.TryRemove(test.UniqueID, out _);
    }

    private static void Look()
    {
        string[] late = [.. Running.Values.Where(static test => Stopwatch.GetElapsedTime(test.Began) > Limit).Select(static test => test.Name)];
        if (late.Length > 0)
            Environment.FailFast($"After {Limit.TotalSeconds} s there has not ended: {string.Join("; ", late)}");
    }

    private static double Seconds(string name, double otherwise) =>
        double.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out double seconds) ? seconds : otherwise;
}
