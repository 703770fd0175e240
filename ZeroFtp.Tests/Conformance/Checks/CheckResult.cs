namespace ZeroFtp.Conformance.Checks;

/// <summary>What became of a check: the verdict, why (unless it passed), how long it took, and what went over the wire.</summary>
internal sealed record CheckResult(Check Check, Verdict Verdict, string Reason, TimeSpan Duration, IReadOnlyList<string> Transcript);
