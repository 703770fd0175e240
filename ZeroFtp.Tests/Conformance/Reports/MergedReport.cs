using ZeroFtp.Conformance.Checks;

namespace ZeroFtp.Conformance.Reports;

/// <summary>What became of each requirement over all profiles: a failure anywhere counts, else a pass anywhere, else the list of what is not offered.</summary>
internal sealed class MergedReport
{
    public const string Pass = "PASS";
    public const string Fail = "FAIL";
    public const string Manual = "MANUAL";
    public const string NotOffered = "NOT OFFERED";
    public const string Open = "OPEN";

    private readonly List<(Check Check, string Verdict, string Reason)> _lines = [];
    private readonly List<string> _faults = [];

    public MergedReport(IReadOnlyList<ReportFile> reports, IReadOnlyDictionary<string, string> notOffered)
    {
        foreach (Check check in Registry.All)
        {
            (string verdict, string reason) = Judge(check.Id, reports, notOffered);
            _lines.Add((check, verdict, reason));
            if (verdict is Pass or Manual && notOffered.ContainsKey(check.Id))
                _faults.Add($"{check.Id} is on the list of what is not offered, and yet: {verdict}");
        }

        foreach (string unknown in notOffered.Keys.Except(Registry.All.Select(check => check.Id)))
            _faults.Add($"{unknown}, on the list of what is not offered, is no requirement");
    }

    public bool IsGood => _faults.Count == 0 && !_lines.Any(line => line.Verdict is Fail or Open);

    /// <param name="output">Where to.</param>
    /// <param name="all">Whether what passed gets a line each, too.</param>
    public void Write(TextWriter output, bool all)
    {
        foreach ((Check check, string verdict, string reason) in _lines)
        {
            if (all || verdict is Fail or Open)
                output.WriteLine($"{verdict,-11} {check.Id} ({check.Level}) {reason}");
        }

        foreach (string fault in _faults)
            output.WriteLine(fault);
        foreach (IGrouping<string, (Check, string Verdict, string)> level in _lines.GroupBy(line => line.Check.Level).OrderByDescending(group => group.Count()))
            output.WriteLine($"{level.Key,-34} {Counts(level.Select(line => line.Verdict))}");
        output.WriteLine($"{"all profiles",-34} {Counts(_lines.Select(line => line.Verdict))}");
    }

    private static (string Verdict, string Reason) Judge(string id, IReadOnlyList<ReportFile> reports, IReadOnlyDictionary<string, string> notOffered)
    {
        List<(string Profile, ReportedResult Result)> seen =
            [.. reports.Where(report => report.Results.ContainsKey(id)).Select(report => (string.Join('+', report.Profiles), report.Results[id]))];
        foreach (string verdict in (string[])[Fail, Pass, Manual])
        {
            if (seen.Find(one => one.Result.Verdict == verdict) is (string profile, ReportedResult result))
                return (verdict, verdict == Manual ? result.Reason : $"[{profile}] {result.Reason}");
        }

        // Of several reasons the one of the profile that the check is for tells most.
        return notOffered.TryGetValue(id, out string? why)
            ? (NotOffered, why)
            : (Open, string.Join("; ", seen.Select(one => one.Result.Reason).Where(reason => !reason.StartsWith("needs a server with the profile", StringComparison.Ordinal)).Distinct()));
    }

    private static string Counts(IEnumerable<string> verdicts)
    {
        ILookup<string, string> by = verdicts.ToLookup(verdict => verdict);
        return $"{by[Pass].Count(),4} pass {by[Fail].Count(),4} fail {by[NotOffered].Count(),4} not offered {by[Manual].Count(),4} manual {by[Open].Count(),4} open";
    }
}
