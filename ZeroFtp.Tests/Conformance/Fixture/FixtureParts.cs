namespace ZeroFtp.Conformance.Fixture;

/// <summary>Which parts of the fixture tree are there, and why not the others.</summary>
internal sealed class FixtureParts
{
    private readonly Dictionary<FixturePart, string> _missing = [];

    /// <summary>For questions that need no tree.</summary>
    public static FixtureParts None { get; } = new();

    /// <summary>No part is there.</summary>
    public static FixtureParts Absent(string why)
    {
        FixtureParts parts = new();
        foreach (FixturePart part in Enum.GetValues<FixturePart>())
            parts.Lacks(part, why);
        return parts;
    }

    public bool Has(FixturePart part) => !_missing.ContainsKey(part);

    public string WhyNot(FixturePart part) => $"fixture: {_missing[part]}";

    public void Lacks(FixturePart part, string why) => _missing.TryAdd(part, why);

    public IEnumerable<string> Missing => _missing.Select(pair => $"{pair.Key}: {pair.Value}");
}
