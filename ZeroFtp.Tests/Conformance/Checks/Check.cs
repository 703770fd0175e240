namespace ZeroFtp.Conformance.Checks;

/// <summary>One requirement and how to see over a socket whether a server keeps it.</summary>
internal sealed record Check(string Id, string Level, string Source, string Title, string Section, Func<Context, Task>? Run)
{
    /// <summary>The configuration of the server that the check needs; one of several with bars between them.</summary>
    public string Profile { get; init; } = Profiles.Default;

    public IEnumerable<string> AnyProfile => Profile.Split('|');

    /// <summary>When the check runs, seen from the others.</summary>
    public Turn Turn { get; init; } = Turn.Together;

    /// <summary>What the server must offer for the check to apply, in the words of <see cref="Context.NeedAsync"/>.</summary>
    public IReadOnlyList<string> Needs { get; init; } = [];

    /// <summary>How long the check may take in all.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(40);

    /// <summary>For a requirement that no socket can show: where the project shows it instead.</summary>
    public string? Manual { get; init; }
}
