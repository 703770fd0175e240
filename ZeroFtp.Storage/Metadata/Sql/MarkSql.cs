namespace ZeroFtp.Storage.Metadata.Sql;

/// <summary>
/// What applies a unit at most once, however often it is sent. Each process has a few rows of <c>mark</c>, as many as it has operations at once. A unit leaves the number of its run there in the transaction that
/// changes the tree, and fails, so that nothing of it stands, if the mark already has the number of an earlier run of the same operation, or of a later operation.
/// </summary>
/// <remarks>
/// <para>An example. A front-end renames <c>a</c> to <c>b</c> with mark 7 and runs from number 40 on. Run 40 is committed, but its answer is lost. Another client renames <c>b</c> back to <c>a</c> and stores a new <c>b</c>.
/// The front-end sends the unit again, as run 41: all its conditions hold, for the file is at <c>a</c> as it was. But mark 7 has 40, which is not below the operation's first number 40, so
/// <c>run</c> would become null, which it must not be: the unit fails with nothing changed, and the client is told 250, because run 40 did it. Had the other client removed <c>b</c> instead, the conditions of run 41 would not hold.
/// It is then not applied, which says nothing about run 40; <see cref="Settle"/> reads 40 in mark 7: it was applied, 250. Had mark 7 still 39, then run 40 was not applied, and never will be:
/// <see cref="Settle"/> leaves 42 there, so that run 40, should it still be on its way, fails. 550 is the truth.</para>
/// <para>The first statement of a unit evaluates all its conditions and writes <c>run</c> to the row of the directory, which it changes anyway. <see cref="Won"/> asks for that. No statement reads <c>mark</c>
/// but by the key that it inserts: a lookup could become a scan of the whole table, and with it every operation would conflict with every other at SERIALIZABLE.</para>
/// </remarks>
internal static class MarkSql
{
    /// <summary>Whether this run's first statement found all its conditions true.</summary>
    public const string Won = "EXISTS (SELECT 1 FROM path won WHERE won.id = @dir AND won.run = @run)";

    /// <summary>The second statement of a unit that changes the directory <c>@dir</c>, whose first one has set <c>run</c>. Its row says that this run is applied.</summary>
    public static readonly string Leave = LeaveFor("path WHERE id = @dir AND run = @run");

    /// <summary>The same for a unit that does not change the tree; rows of <paramref name="source"/> say that it is applied.</summary>
    public static string LeaveFor(string source) => $"""
        INSERT INTO mark (id, run, made) SELECT @mark, @run, @made FROM {source}
        ON CONFLICT (id) DO UPDATE SET run = CASE WHEN mark.run < @first THEN excluded.run END, made = excluded.made RETURNING run;
        """;

    /// <summary>Whether an earlier run was applied: the number is below that of this run. Otherwise none of them will ever be.</summary>
    public static readonly SqlUnit Settle = new("Settle", """
        INSERT INTO mark (id, run, made) VALUES (@mark, @run, @made) ON CONFLICT (id) DO UPDATE SET run = excluded.run, made = excluded.made WHERE mark.run < @first;
        SELECT run FROM mark WHERE id = @mark;
        """);

    /// <summary>Removes the marks of processes that are long gone.</summary>
    public static readonly SqlUnit Prune = new("PruneMarks", "DELETE FROM mark WHERE made < @before;");

    /// <summary>SQLite keeps marks in memory, for the one connection that writes: no answer outlives the process there.</summary>
    public const string TemporaryTable = "CREATE TEMP TABLE mark (id INTEGER NOT NULL PRIMARY KEY, run INTEGER NOT NULL, made INTEGER NOT NULL)";

    /// <summary>The name of the table, by which its violations are known.</summary>
    public const string Table = "mark";
}
