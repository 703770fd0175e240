using System.Data.Common;

namespace ZeroFtp.Storage.Metadata.Sql;

/// <summary>Runs units against one kind of database. It retries what may be retried, and turns what is left into <see cref="MetadataException"/>.</summary>
internal interface ISqlRunner : IAsyncDisposable
{
    /// <summary>How many round trips were made so far, repeated ones included.</summary>
    long RoundTrips { get; }

    /// <summary>Over how many rows an owner's usage is spread, so that none is hot.</summary>
    int UsageSlots { get; }

    /// <summary>Whether <c>@now</c> and <c>@due</c> in a unit are times of the database's own clock, whatever the arguments say. Otherwise the store's options have the only clock there is.</summary>
    bool HasClock => false;

    /// <summary>The first of <paramref name="count"/> new ids in a row (a power of two, at which the first is aligned): random, or growing where that keeps an index compact.</summary>
    long NewIds(int count);

    /// <summary>A mark that no other process has: both its numbers begin at random.</summary>
    OperationMarks.Mark NewMark() => new(Random.Shared.NextInt64(long.MaxValue), Random.Shared.NextInt64(long.MaxValue >> 1));

    /// <summary>Runs a unit that only reads, on one snapshot. The function reads the results in order; it may be called again for another attempt.</summary>
    ValueTask<T> ReadAsync<T>(SqlUnit unit, SqlArgs args, Func<DbDataReader, CancellationToken, ValueTask<T>> read, CancellationToken cancellationToken);

    /// <summary>Runs a unit that writes, as one serializable transaction.</summary>
    /// <param name="unit">The unit; it must bear being run again after it was applied, or be marked: then <see cref="SqlArgs.NextRun"/> is called before it is sent again.</param>
    /// <param name="args">Its arguments.</param>
    /// <param name="read">Reads the results, without the one that says whether a marked unit was applied; it may be called again for another attempt.</param>
    /// <param name="hot">The directory whose row the unit changes first, or 0: units of this process with the same one wait for each other here and not in the database.</param>
    /// <param name="cancellationToken">Cancels what has not begun; a unit that may have been applied is waited for.</param>
    /// <exception cref="MetadataException"><see cref="MetadataError.Overtaken"/>: an earlier run of the same operation was applied, this one was not.</exception>
    ValueTask<SqlAnswer<T>> WriteAsync<T>(SqlUnit unit, SqlArgs args, Func<DbDataReader, CancellationToken, ValueTask<T>> read, long hot, CancellationToken cancellationToken);

    /// <summary>Fails if what is written would be lost although the database answers.</summary>
    ValueTask ProbeAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>Examines the files of the database and gives what is wrong with them; nothing where the database does that by itself.</summary>
    ValueTask<IReadOnlyList<string>> ExamineAsync(CancellationToken cancellationToken) => ValueTask.FromResult<IReadOnlyList<string>>([]);

    /// <summary>Runs one statement by itself, outside a transaction (changes of the schema).</summary>
    ValueTask ExecuteAsync(string statement, CancellationToken cancellationToken);
}

/// <summary>What a writing unit answered.</summary>
/// <param name="Value">What was read.</param>
/// <param name="Again">Whether an earlier attempt's answer was lost, so that the unit may have found its own work done.</param>
/// <param name="Won">Of a unit that <see cref="SqlUnit.IsMarked"/>: whether this run was applied.</param>
internal readonly record struct SqlAnswer<T>(T Value, bool Again, bool Won = false);
