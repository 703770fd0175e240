using System.Text.Json;
using ZeroFtp.Conformance.Checks;

namespace ZeroFtp.Conformance.Reports;

/// <summary>A report for programs.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static void Write(Report report, TextWriter output)
        => output.WriteLine(JsonSerializer.Serialize(
            new
            {
                profiles = report.Settings.Profiles,
                seconds = Math.Round(report.Duration.TotalSeconds, 3),
                counts = new
                {
                    pass = report.Count(Verdict.Pass),
                    fail = report.Count(Verdict.Fail),
                    skip = report.Count(Verdict.Skip),
                    manual = report.Count(Verdict.Manual),
                },
                fixtureLacks = report.MissingFixture,
                results = report.Results.Select(result => new
                {
                    id = result.Check.Id,
                    level = result.Check.Level,
                    source = result.Check.Source,
                    section = result.Check.Section,
                    title = result.Check.Title,
                    profile = result.Check.Profile,
                    verdict = Name(result.Verdict),
                    reason = result.Reason,
                    seconds = Math.Round(result.Duration.TotalSeconds, 3),
                    transcript = result.Transcript,
                }),
            },
            Options));

    private static string Name(Verdict verdict) => verdict switch
    {
        Verdict.Pass => "PASS",
        Verdict.Fail => "FAIL",
        Verdict.Skip => "SKIP",
        _ => "MANUAL",
    };
}
