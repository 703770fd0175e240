using System.Collections.Concurrent;
using System.Diagnostics;
using ZeroFtp.Conformance.Fixture;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Checks;

/// <summary>Runs checks: those that may beside each other first, then those that need quiet, then those that judge the run.</summary>
internal sealed class Runner(Settings settings, ServerFacts facts, FixtureParts fixture, Observations observations)
{
    public async Task<IReadOnlyList<CheckResult>> RunAsync(IReadOnlyList<Check> checks, Action<CheckResult> done)
    {
        ConcurrentDictionary<string, CheckResult> results = new(StringComparer.Ordinal);
        foreach (Turn turn in Enum.GetValues<Turn>())
        {
            ParallelOptions options = new() { MaxDegreeOfParallelism = turn == Turn.Together ? settings.Jobs : 1 };
            IEnumerable<Check> due = checks.Where(check => check.Turn == turn).OrderByDescending(check => check.Limit);
            await Parallel.ForEachAsync(due, options, async (check, _) =>
            {
                CheckResult result = await RunAsync(check);
                results[check.Id] = result;
                done(result);
            });
        }

        return [.. checks.Select(check => results[check.Id])];
    }

    private async Task<CheckResult> RunAsync(Check check)
    {
        if (check.Run is null)
            return new(check, Verdict.Manual, check.Manual!, TimeSpan.Zero, []);
        if (!check.AnyProfile.Any(settings.Profiles.Contains))
            return new(check, Verdict.Skip, $"needs a server with the profile {check.Profile}", TimeSpan.Zero, []);
        long start = Stopwatch.GetTimestamp();
        Transcript transcript = new(check.Id, observations);
        (Verdict verdict, string reason) = await JudgeAsync(check, transcript);
        return new(check, verdict, reason, Stopwatch.GetElapsedTime(start), verdict == Verdict.Fail ? transcript.Lines : []);
    }

    private async Task<(Verdict Verdict, string Reason)> JudgeAsync(Check check, Transcript transcript)
    {
        Context context = new(settings, facts, fixture, transcript);
        try
        {
            foreach (string need in check.Needs)
                await context.NeedAsync(need);
            await check.Run!(context).WaitAsync(check.Limit);
            return transcript.Lines.Count == 0 && check.Turn != Turn.Last
                ? (Verdict.Fail, "the check ended without having seen anything")
                : (Verdict.Pass, "");
        }
        catch (CheckSkippedException skipped)
        {
            return IsOffered(check, skipped.What)
                ? (Verdict.Fail, $"on the list of what the server offers, and yet: {skipped.Message}")
                : (Verdict.Skip, skipped.Message);
        }
        catch (CheckFailedException failed)
        {
            return (Verdict.Fail, failed.Message);
        }
        catch (Exception late) when (late is TimeoutException or OperationCanceledException)
        {
            return (Verdict.Fail, $"not finished within {check.Limit.TotalSeconds} s");
        }
        catch (Exception error) when (error is IOException or System.Net.Sockets.SocketException or System.Security.Authentication.AuthenticationException)
        {
            return (Verdict.Fail, $"{error.GetType().Name}: {error.Message}");
        }
        catch (Exception error)
        {
            return (Verdict.Fail, $"the check itself broke: {error}");
        }
        finally
        {
            await context.DisposeAsync();
        }
    }

    private bool IsOffered(Check check, string what)
        => settings.Offers.Contains("*") || settings.Offers.Contains(check.Id) || settings.Offers.Contains(what, StringComparer.OrdinalIgnoreCase);
}
