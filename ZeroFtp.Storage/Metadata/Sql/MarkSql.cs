namespace ZeroFtp.Storage.Metadata.Sql;

/// <summary>
/// Ensures that a unit is applied at most once, however often it is sent. Each process has a few rows of <c>mark</c>, as many as it has concurrent operations.
/// In the transaction that changes the tree, a unit writes the number of its run to a mark. If the mark already contains the number of an earlier run of the
/// same operation, or of a later operation, the unit fails and changes nothing.
/// </summary>
/// <remarks>
/// <para>
/// Example: a front-end renames <c>a</c> to <c>b</c>, with mark 7 and runs numbered from 40. Run 40 is committed, but its answer is lost. Another client
/// renames <c>b</c> back to <c>a</c> and stores a new <c>b</c>. The front-end sends the unit again as run 41. All its conditions hold, because the file is at
/// <c>a</c> as before. But mark 7 contains 40, which is not below 40, the operation's first number, so <c>run</c> would become null, which its column forbids.
/// The unit fails without a change, and the client gets 250, because run 40 did the work.
/// </para>
/// <para>
/// Had the other client removed <c>b</c> instead, the conditions of run 41 would not hold. Run 41 is not applied, which says nothing about run 40.
/// <see cref="Settle"/> then reads mark 7. If it contains 40, run 40 was applied: 250. If it still contains 39, run 40 was not applied and never will be:
/// <see cref="Settle"/> writes 42, so that run 40 fails if it is still in flight, and 550 is the truth.
/// </para>
/// <para>
/// The first statement of a unit evaluates all its conditions and writes <c>run</c> to the row of the directory, which it changes anyway; <see cref="Won"/>
/// tests for that. No statement reads <c>mark</c> except by the key that it inserts. A lookup could become a scan of the whole table, and then every operation
/// would conflict with every other at SERIALIZABLE.
/// </para>
/// </remarks>
internal static class MarkSql
{
    /// <summary>True if the first statement of this run found all its conditions true.</summary>
    public const string Won = "EXISTS (SELECT 1 FROM path won WHERE won.id = @dir AND won.run = @run)";

    /// <summary>
    /// The second statement of a unit that changes the directory <c>@dir</c>, after the first one has set <c>run</c>. Its row says that this run is applied.
    /// </summary>
    public static readonly string Leave = LeaveFor("path WHERE id = @dir AND run = @run");

    /// <summary>The same for a unit that does not change the tree. The rows of <paramref name="source"/> say that it is applied.</summary>
    public static string LeaveFor(string source) => $"""
        INSERT INTO mark (id, run, made) SELECT @mark, @run, @made FROM {source}
        ON CONFLICT (id) DO UPDATE SET run = CASE WHEN mark.run < @first THEN excluded.run END, made = excluded.made RETURNING run;
        """;

    /// <summary>Decides whether an earlier run was applied: it was if the number is below that of this run. Otherwise no earlier run ever will be.</summary>
    public static readonly SqlUnit Settle = new("Settle", """
        INSERT INTO mark (id, run, made) VALUES (@mark, @run, @made) ON CONFLICT (id) DO UPDATE SET run = excluded.run, made = excluded.made WHERE mark.run < @first;
        SELECT run FROM mark WHERE id = @mark;
        """);

    /// <summary>Removes the marks of processes that ended long ago.</summary>
    public static readonly SqlUnit Prune = new("PruneMarks", "DELETE FROM mark WHERE made < @before;");

    /// <summary>SQLite keeps marks in memory, for its only writing connection, because no answer outlives the process there.</summary>
    public const string TemporaryTable = "CREATE TEMP TABLE mark (id INTEGER NOT NULL PRIMARY KEY, run INTEGER NOT NULL, made INTEGER NOT NULL)";

    /// <summary>The name of the table, by which its constraint violations are recognized.</summary>
    public const string Table = "mark";
}
