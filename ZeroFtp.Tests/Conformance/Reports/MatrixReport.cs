using ZeroFtp.Conformance.Checks;

namespace ZeroFtp.Conformance.Reports;

/// <summary>Several servers side by side, in Markdown: counts by level and by section, then the MUSTs that servers differ in.</summary>
internal static class MatrixReport
{
    public static void Write(IReadOnlyList<(string Name, ReportFile Report)> servers, TextWriter output)
    {
        output.WriteLine("Each cell: passed / failed / skipped.");
        Table(output, "level", servers, Registry.All.GroupBy(check => check.Level).OrderByDescending(group => group.Count()));
        Table(output, "section", servers, Registry.All.GroupBy(check => check.Section));
        output.WriteLine();
        output.WriteLine("MUST and MUST NOT that a server fails (x; - is skipped):");
        Differences(output, servers, Registry.All.Where(check => check.Level is Level.Must or Level.MustNot));
    }

    private static void Table(TextWriter output, string what, IReadOnlyList<(string Name, ReportFile Report)> servers, IEnumerable<IGrouping<string, Check>> groups)
    {
        Head(output, what, servers);
        List<IGrouping<string, Check>> all = [.. groups];
        foreach (IGrouping<string, Check> group in all)
            output.WriteLine($"| {group.Key} | {string.Join(" | ", servers.Select(server => Counts(server.Report, group)))} |");
        output.WriteLine($"| **all** | {string.Join(" | ", servers.Select(server => $"**{Counts(server.Report, all.SelectMany(group => group))}**"))} |");
    }

    private static void Differences(TextWriter output, IReadOnlyList<(string Name, ReportFile Report)> servers, IEnumerable<Check> checks)
    {
        Head(output, "requirement", servers);
        foreach (Check check in checks.Where(check => servers.Any(server => Failed(server.Report, check))))
            output.WriteLine($"| {check.Id} {check.Title.Replace("|", "\\|", StringComparison.Ordinal)} | {string.Join(" | ", servers.Select(server => Mark(server.Report.Results[check.Id].Verdict)))} |");
    }

    private static void Head(TextWriter output, string what, IReadOnlyList<(string Name, ReportFile Report)> servers)
    {
        output.WriteLine();
        output.WriteLine($"| {what} | {string.Join(" | ", servers.Select(server => server.Name))} |");
        output.WriteLine($"|---|{string.Concat(servers.Select(_ => "---|"))}");
    }

    private static string Counts(ReportFile report, IEnumerable<Check> checks)
    {
        ILookup<string, Check> by = checks.ToLookup(check => report.Results[check.Id].Verdict);
        return $"{by["PASS"].Count()} / {by["FAIL"].Count()} / {by["SKIP"].Count() + by["MANUAL"].Count()}";
    }

    private static bool Failed(ReportFile report, Check check) => report.Results[check.Id].Verdict == "FAIL";

    private static string Mark(string verdict) => verdict switch
    {
        "PASS" => "",
        "FAIL" => "x",
        _ => "-",
    };
}
