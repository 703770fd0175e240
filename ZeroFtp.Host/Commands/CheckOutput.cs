using ZeroFtp.Storage;

namespace ZeroFtp.Host.Commands;

/// <summary>What a check or a scrub found, in lines that scripts can read.</summary>
internal static class CheckOutput
{
    public static void Tell(TextWriter output, CheckReport report)
    {
        foreach (CheckFinding finding in report.Findings)
        {
            output.WriteLine($"{finding.Kind}: {finding.Subject}: {finding.Detail}{(finding.IsRepaired ? " (repaired)" : "")}");
            foreach (string path in finding.Paths)
                output.WriteLine($"  in {path}");
            if (finding.Paths.Count == CheckFinding.MaxPaths)
                output.WriteLine("  and perhaps in others");
        }
        if (report.FindingCount > report.Findings.Count)
            output.WriteLine($"... and {report.FindingCount - report.Findings.Count} more");
        if (report.NotJudgedCount > 0)
            output.WriteLine($"{report.NotJudgedCount} objects could not be judged: parts of them are on shards that cannot be reached");
        string verdict = report.IsClean ? "clean" : $"{report.FindingCount} faults, {report.RepairedCount} repaired";
        output.WriteLine($"{verdict}; {report.ObjectsChecked} objects looked at, {report.BytesRead} bytes read");
    }
}
