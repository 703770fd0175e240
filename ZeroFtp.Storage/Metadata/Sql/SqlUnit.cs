namespace ZeroFtp.Storage.Metadata.Sql;

/// <summary>The text of one unit: one or more statements that are one round trip and one transaction. Make one instance a text and keep it: prepared commands are found by it.</summary>
internal sealed class SqlUnit(string name, string text)
{
    /// <summary>Its name in metrics, traces and fault tests.</summary>
    public string Name { get; } = name;

    /// <summary>Its statements. <c>@now</c> in them is the time that front-ends compare, <c>@due</c> the end of the grace of what becomes garbage now; see <see cref="ISqlRunner.HasClock"/>.</summary>
    public string Text { get; } = text;

    /// <summary>Whether it is more than one statement, and so needs a snapshot of its own to be read consistently.</summary>
    public bool IsCompound { get; } = text.AsSpan().TrimEnd().TrimEnd(';').Contains(';');

    /// <summary>Whether it is applied at most once, by <see cref="MarkSql"/>: its first result has a row if this run was applied.</summary>
    public bool IsMarked { get; init; }

    /// <summary>How many seconds the database may take for it at most; null: what the connection allows any unit, 0: no limit.</summary>
    public int? Seconds { get; init; }

    public override string ToString() => Name;
}
