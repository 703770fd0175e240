using System.Data.Common;

namespace ZeroFtp.Storage.Metadata.Sql;

/// <summary>Runs units on one kind of database. Retries what may be retried, and translates other failures into <see cref="MetadataException"/>.</summary>
internal interface ISqlRunner : IAsyncDisposable
{
    /// <summary>The number of round trips so far, including retries.</summary>
    long RoundTrips { get; }

    /// <summary>The number of rows over which an owner's usage is spread, so that no row becomes hot.</summary>
    int UsageSlots { get; }

    /// <summary>
    /// True if <c>@now</c> and <c>@due</c> in a unit come from the database's clock, whatever the arguments say. Otherwise the clock of the store's options is
    /// the only one.
    /// </summary>
    bool HasClock => false;

    /// <summary>
    /// Returns the first of <paramref name="count"/> consecutive new ids, aligned to the count, which is a power of two. Ids are random, or growing where that
    /// keeps an index compact.
    /// </summary>
    long NewIds(int count);

    /// <summary>Returns a mark that no other process has: both its numbers start at random.</summary>
    OperationMarks.Mark NewMark() => new(Random.Shared.NextInt64(long.MaxValue), Random.Shared.NextInt64(long.MaxValue >> 1));

    /// <summary>Runs a read-only unit on one snapshot. The function reads the results in order; it may be called again for a retry.</summary>
    ValueTask<T> ReadAsync<T>(SqlUnit unit, SqlArgs args, Func<DbDataReader, CancellationToken, ValueTask<T>> read, CancellationToken cancellationToken);

    /// <summary>Runs a writing unit as one serializable transaction.</summary>
    /// <param name="unit">
    /// The unit. It must be repeatable after it was applied, or be marked: then <see cref="SqlArgs.NextRun"/> is called before it is sent again.
    /// </param>
    /// <param name="args">Its arguments.</param>
    /// <param name="read">Reads the results, without the one that says whether a marked unit was applied. It may be called again for a retry.</param>
    /// <param name="hot">
    /// The directory whose row the unit changes first, or 0. Units of this process with the same directory wait for each other here, not in the database.
    /// </param>
    /// <param name="cancellationToken">Cancels a unit that has not started. A unit that may have been applied is awaited.</param>
    /// <exception cref="MetadataException">
    /// <see cref="MetadataError.Overtaken"/>: an earlier run of the same operation was applied, this one was not.
    /// </exception>
    ValueTask<SqlAnswer<T>> WriteAsync<T>(SqlUnit unit, SqlArgs args, Func<DbDataReader, CancellationToken, ValueTask<T>> read, long hot, CancellationToken cancellationToken);

    /// <summary>Fails if what is written would be lost although the database answers.</summary>
    ValueTask ProbeAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>Checks the database's files and returns their faults; returns nothing where the database does that by itself.</summary>
    ValueTask<IReadOnlyList<string>> ExamineAsync(CancellationToken cancellationToken) => ValueTask.FromResult<IReadOnlyList<string>>([]);

    /// <summary>Runs a single statement outside any transaction (schema changes).</summary>
    ValueTask ExecuteAsync(string statement, CancellationToken cancellationToken);
}

/// <summary>The answer of a writing unit.</summary>
/// <param name="Value">The value read.</param>
/// <param name="Again">True if the answer of an earlier attempt was lost, so that the unit may have found its own work done.</param>
/// <param name="Won">For a unit that <see cref="SqlUnit.IsMarked"/>: true if this run was applied.</param>
internal readonly record struct SqlAnswer<T>(T Value, bool Again, bool Won = false);
