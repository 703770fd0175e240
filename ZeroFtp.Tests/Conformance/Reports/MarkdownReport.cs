using ZeroFtp.Conformance.Checks;

namespace ZeroFtp.Conformance.Reports;

/// <summary>A report to read: counts by level and section, then every result that is not a pass.</summary>
internal static class MarkdownReport
{
    public static void Write(Report report, TextWriter output)
    {
        output.WriteLine("# FTP conformance report");
        output.WriteLine();
        output.WriteLine($"Profiles: {string.Join(", ", report.Settings.Profiles)}. {report.Results.Count} requirements in {report.Duration.TotalSeconds:0.0} s.");
        Table(output, "level", report.Results.GroupBy(result => result.Check.Level));
        Table(output, "section", report.Results.GroupBy(result => result.Check.Section));
        foreach (Verdict verdict in (Verdict[])[Verdict.Fail, Verdict.Skip, Verdict.Manual])
        {
            if (report.Count(verdict) == 0)
                continue;
            output.WriteLine();
            output.WriteLine($"## {verdict}");
            output.WriteLine();
            foreach (CheckResult result in report.Of(verdict))
                Item(output, result);
        }
    }

    private static void Table(TextWriter output, string what, IEnumerable<IGrouping<string, CheckResult>> groups)
    {
        output.WriteLine();
        output.WriteLine($"| {what} | pass | fail | skip | manual |");
        output.WriteLine("|---|---|---|---|---|");
        foreach (IGrouping<string, CheckResult> group in groups)
            output.WriteLine($"| {group.Key} | {string.Join(" | ", Report.Counts(group))} |");
    }

    private static void Item(TextWriter output, CheckResult result)
    {
        string source = result.Check.Source.Length == 0 ? "" : $"{result.Check.Source}, ";
        output.WriteLine($"- **{result.Check.Id}** ({source}{result.Check.Level}) {result.Check.Title}");
        output.WriteLine($"  {result.Reason}");
        if (result.Transcript.Count == 0)
            return;
        output.WriteLine();
        output.WriteLine("  ```text");
        foreach (string line in result.Transcript)
            output.WriteLine($"  {line}");
        output.WriteLine("  ```");
        output.WriteLine();
    }
}
