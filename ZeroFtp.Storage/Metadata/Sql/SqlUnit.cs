namespace ZeroFtp.Storage.Metadata.Sql;

/// <summary>
/// The text of one unit: one or more statements that form one round trip and one transaction. Create one instance per text and keep it: prepared commands are
/// found by it.
/// </summary>
internal sealed class SqlUnit(string name, string text)
{
    /// <summary>The name in metrics, traces and fault tests.</summary>
    public string Name { get; } = name;

    /// <summary>
    /// The statements. <c>@now</c> is the time that front-ends compare, <c>@due</c> the end of the grace of what becomes garbage now; see
    /// <see cref="ISqlRunner.HasClock"/>.
    /// </summary>
    public string Text { get; } = text;

    /// <summary>True if the unit has more than one statement, and so needs its own snapshot to read consistently.</summary>
    public bool IsCompound { get; } = text.AsSpan().TrimEnd().TrimEnd(';').Contains(';');

    /// <summary>True if the unit is applied at most once, by <see cref="MarkSql"/>. Its first result then has a row if this run was applied.</summary>
    public bool IsMarked { get; init; }

    /// <summary>True if the unit reads whole tables, as only checks of the store do. All others find their rows by indexes.</summary>
    public bool ReadsAll { get; init; }

    /// <summary>Timeout in seconds; null for the connection's, 0 for no limit.</summary>
    public int? Seconds { get; init; }

    public override string ToString() => Name;
}
