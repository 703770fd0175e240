namespace ZeroFtp.Conformance.Checks;

/// <summary>All checks of this assembly, in the order of the sections.</summary>
internal static class Registry
{
    public static IReadOnlyList<Check> All { get; } =
    [
        .. typeof(Section).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(Section)) && !type.IsAbstract)
            .OrderBy(type => type.Name, StringComparer.Ordinal)
            .SelectMany(type => ((Section)Activator.CreateInstance(type)!).Checks),
    ];

    /// <summary>Finds checks by id, by prefix (<c>TEL-*</c>) or by section title part.</summary>
    public static IEnumerable<Check> Select(IReadOnlyCollection<string> only)
        => only.Count == 0 ? All : All.Where(check => only.Any(wanted => Matches(check, wanted)));

    private static bool Matches(Check check, string wanted)
        => wanted.EndsWith('*')
            ? check.Id.StartsWith(wanted[..^1], StringComparison.OrdinalIgnoreCase)
            : string.Equals(check.Id, wanted, StringComparison.OrdinalIgnoreCase)
                || check.Section.StartsWith(wanted + " ", StringComparison.OrdinalIgnoreCase)
                || check.Section.StartsWith(wanted + ".", StringComparison.OrdinalIgnoreCase);
}
