namespace ZeroFtp.Conformance.Checks;

/// <summary>The checks of one section of the requirements; a subclass declares them in its constructor, in the order of the requirements.</summary>
internal abstract class Section(string title)
{
    private readonly List<Check> _checks = [];

    public IReadOnlyList<Check> Checks => _checks;

    /// <summary>Declares a check. Level and source are spelled as the requirement spells them.</summary>
    protected void Check(
        string id,
        string level,
        string source,
        string what,
        Func<Context, Task> run,
        string profile = Profiles.Default,
        Turn turn = Turn.Together,
        string[]? needs = null,
        int seconds = 40)
        => _checks.Add(new(id, level, source, what, title, run)
        {
            Profile = profile,
            Turn = turn,
            Needs = needs ?? [],
            Limit = TimeSpan.FromSeconds(seconds),
        });

    /// <summary>Declares a requirement about the inside of a server, which no socket can show.</summary>
    /// <param name="id">The requirement.</param>
    /// <param name="level">Its level.</param>
    /// <param name="source">Its source.</param>
    /// <param name="what">What it asks for.</param>
    /// <param name="where">Why it cannot be seen from outside, and which test inside the project shows it.</param>
    protected void Manual(string id, string level, string source, string what, string where)
        => _checks.Add(new(id, level, source, what, title, null) { Manual = where });
}
