using ZeroFtp.Conformance.Checks;

namespace ZeroFtp.Conformance.Reports;

/// <summary>A finished run.</summary>
internal sealed record Report(Settings Settings, IReadOnlyList<CheckResult> Results, IReadOnlyList<string> MissingFixture, TimeSpan Duration)
{
    public int Count(Verdict verdict) => Results.Count(result => result.Verdict == verdict);

    public IEnumerable<CheckResult> Of(Verdict verdict) => Results.Where(result => result.Verdict == verdict);

    /// <summary>The counts of a group of results, in the order pass, fail, skip, manual.</summary>
    public static int[] Counts(IEnumerable<CheckResult> results)
    {
        int[] counts = new int[4];
        foreach (CheckResult result in results)
            counts[(int)result.Verdict]++;
        return counts;
    }
}
