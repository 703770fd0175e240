using System.Text.Json.Nodes;
using ZeroFtp.Host.Configuration;
using ZeroFtp.Storage.Content;
using ZeroFtp.Storage.Maintenance;

namespace ZeroFtp.Host.Commands;

/// <summary>What a check or a scrub found, as lines of text or as JSON.</summary>
internal static class CheckOutput
{
    public static JsonObject ToJson(CheckReport report) => new()
    {
        ["clean"] = report.IsClean,
        ["faults"] = report.FindingCount,
        ["repaired"] = report.RepairedCount,
        ["notJudged"] = report.NotJudgedCount,
        ["objects"] = report.ObjectsChecked,
        ["bytesRead"] = report.BytesRead,
        ["findings"] = new JsonArray([.. report.Findings.Select(finding => new JsonObject
        {
            ["kind"] = ValueParsers.ChoiceName(finding.Kind),
            ["subject"] = finding.Subject,
            ["detail"] = finding.Detail,
            ["repaired"] = finding.IsRepaired,
            ["paths"] = new JsonArray([.. finding.Paths.Select(path => (JsonNode)path.ToString())]),
        })]),
    };

    public static void Write(TextWriter output, CheckReport report)
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
        output.WriteLine($"{verdict}; {report.ObjectsChecked} objects checked, {report.BytesRead} bytes read");
    }
}
