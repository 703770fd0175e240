using System.Diagnostics;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Checks;

/// <summary>Less common ways to get at sessions.</summary>
internal static class ContextExtras
{
    /// <summary>A clear IPv6 session, logged in, TYPE I; none when the server has no IPv6.</summary>
    public static async Task<Session?> TryLogin6Async(this Context context)
    {
        try
        {
            Session session = await context.Connect6Async();
            await session.LoginAsync(context.Alice);
            await session.DoAsync("TYPE I", 200);
            return session;
        }
        catch (CheckSkippedException)
        {
            return null;
        }
    }

    public static bool HasAccount(this Context context, string role) => context.Settings.Accounts.ContainsKey(role);

    /// <summary>How long something took.</summary>
    public static async Task<TimeSpan> TimeAsync(Func<Task> action)
    {
        long start = Stopwatch.GetTimestamp();
        await action();
        return Stopwatch.GetElapsedTime(start);
    }
}
