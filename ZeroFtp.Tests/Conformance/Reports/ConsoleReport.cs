using ZeroFtp.Conformance.Checks;

namespace ZeroFtp.Conformance.Reports;

/// <summary>The counts, and the failures in a line each, on a terminal.</summary>
internal static class ConsoleReport
{
    public static void Write(Report report, TextWriter output, bool transcripts)
    {
        foreach (CheckResult failed in report.Of(Verdict.Fail))
        {
            output.WriteLine($"FAIL {failed.Check.Id} ({failed.Check.Level}) {failed.Check.Title}");
            output.WriteLine($"     {failed.Reason}");
            if (!transcripts)
                continue;
            foreach (string line in failed.Transcript)
                output.WriteLine($"     | {line}");
        }

        foreach (string missing in report.MissingFixture)
            output.WriteLine($"fixture lacks {missing}");
        output.WriteLine();
        foreach (IGrouping<string, CheckResult> level in report.Results.GroupBy(result => result.Check.Level).OrderByDescending(group => group.Count()))
        {
            int[] counts = Report.Counts(level);
            output.WriteLine($"{level.Key,-34} {counts[0],4} pass {counts[1],4} fail {counts[2],4} skip {counts[3],4} manual");
        }

        int[] all = Report.Counts(report.Results);
        output.WriteLine($"{"all",-34} {all[0],4} pass {all[1],4} fail {all[2],4} skip {all[3],4} manual in {report.Duration.TotalSeconds:0.0} s");
    }
}
