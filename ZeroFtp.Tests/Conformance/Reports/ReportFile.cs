using System.Text.Json;

namespace ZeroFtp.Conformance.Reports;

/// <summary>What a report in JSON says: of which profiles it tells, and of each requirement the verdict and why.</summary>
internal sealed record ReportFile(IReadOnlyList<string> Profiles, double Seconds, IReadOnlyDictionary<string, ReportedResult> Results)
{
    public static ReportFile Read(string path)
    {
        using FileStream stream = File.OpenRead(path);
        using JsonDocument document = JsonDocument.Parse(stream);
        JsonElement root = document.RootElement;
        return new(
            [.. root.GetProperty("profiles").EnumerateArray().Select(profile => profile.GetString()!)],
            root.GetProperty("seconds").GetDouble(),
            root.GetProperty("results").EnumerateArray().Select(ReportedResult.Of).ToDictionary(result => result.Id));
    }
}

/// <summary>One result of a report that was written before.</summary>
/// <param name="Id">The requirement.</param>
/// <param name="Verdict">PASS, FAIL, SKIP or MANUAL.</param>
/// <param name="Reason">Why, unless it passed.</param>
internal sealed record ReportedResult(string Id, string Verdict, string Reason)
{
    public static ReportedResult Of(JsonElement result) => new(Text(result, "id"), Text(result, "verdict"), Text(result, "reason"));

    private static string Text(JsonElement result, string name) => result.GetProperty(name).GetString()!;
}
