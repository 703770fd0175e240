using System.Diagnostics;

namespace ZeroFtp.Tests.Support;

/// <summary>Waits that come to an end, and say what did not come: far longer than anything takes even on a busy machine, far shorter than a run of the tests may.</summary>
internal static class Bounded
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    /// <summary>Waits for something that has to come.</summary>
    /// <exception cref="TimeoutException">It does not come in time.</exception>
    public static async Task WithinAsync(this Task awaited, string what, TimeSpan? limit = null)
    {
        try
        {
            await awaited.WaitAsync(limit ?? Limit);
        }
        catch (TimeoutException) when (!awaited.IsCompleted)
        {
            throw new TimeoutException($"Not within {(limit ?? Limit).TotalSeconds} s: {what}.");
        }
    }

    /// <inheritdoc cref="WithinAsync(Task, string, TimeSpan?)"/>
    public static async Task<T> WithinAsync<T>(this Task<T> awaited, string what, TimeSpan? limit = null)
    {
        await ((Task)awaited).WithinAsync(what, limit);
        return await awaited;
    }

    /// <summary>Waits until a process has ended and all it said was read; one that does not end is killed, with its children.</summary>
    /// <exception cref="TimeoutException">It did not end in time.</exception>
    public static async Task ExitAsync(this Process process, string what, TimeSpan? limit = null)
    {
        try
        {
            await process.WaitForExitAsync().WithinAsync(what + " ends", limit);
        }
        catch (TimeoutException) when (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>Waits in steps until it is so.</summary>
    /// <exception cref="TimeoutException">It does not become so in time.</exception>
    public static async Task UntilAsync(string what, Func<bool> isSo, TimeSpan? limit = null)
    {
        for (long began = Stopwatch.GetTimestamp(); !isSo();)
        {
            if (Stopwatch.GetElapsedTime(began) > (limit ?? Limit))
                throw new TimeoutException($"Not within {(limit ?? Limit).TotalSeconds} s: {what}.");
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }
}
