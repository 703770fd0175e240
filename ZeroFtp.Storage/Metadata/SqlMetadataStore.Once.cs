using System.Data.Common;
using ZeroFtp.Storage.Metadata.Sql;

namespace ZeroFtp.Storage.Metadata;

/// <content>Units that are applied at most once, whatever happens to their answers; see <see cref="MarkSql"/>.</content>
internal sealed partial class SqlMetadataStore
{
    /// <summary>How long the mark of a process that is gone is kept: much longer than a unit can be in flight, and than clocks differ.</summary>
    private static readonly TimeSpan MarkLifetime = TimeSpan.FromDays(1);

    private static readonly TimeSpan PruneInterval = TimeSpan.FromHours(1);

    private readonly OperationMarks _marks = new(runner.NewMark);

    private long _pruned;

    private async ValueTask<OnceAnswer<T>> WriteOnceAsync<T>(SqlUnit unit, SqlArgs args, Func<DbDataReader, CancellationToken, ValueTask<T>> read, long hot, CancellationToken cancellationToken)
    {
        using Operation operation = _marks.Begin();
        args.Add(operation, Now);
        try
        {
            SqlAnswer<T> answer = await runner.WriteAsync(unit, args, read, hot, cancellationToken).ConfigureAwait(false);
            if (answer.Won)
                return new OnceAnswer<T>(Applied.Now, answer.Value);
            return new OnceAnswer<T>(answer.Again && await SettleAsync(operation).ConfigureAwait(false) ? Applied.Before : Applied.Never, answer.Value);
        }
        catch (MetadataException overtaken) when (overtaken.Error == MetadataError.Overtaken)
        {
            return new OnceAnswer<T>(Applied.Before, default!);
        }
    }

    private async ValueTask<bool> SettleAsync(Operation operation)
    {
        operation.Next();
        SqlArgs args = new SqlArgs().Add("mark", operation.Mark).Add("first", operation.First).Add("run", operation.Run).Add("made", Now);
        long? run = (await runner.WriteAsync(MarkSql.Settle, args, Rows.NumberAsync, 0, CancellationToken.None).ConfigureAwait(false)).Value;
        return run < operation.Run;
    }

    private async ValueTask PruneMarksAsync(CancellationToken cancellationToken)
    {
        long now = Now;
        if (now - Volatile.Read(ref _pruned) < Microseconds(PruneInterval))
            return;
        await WriteAsync(MarkSql.Prune, new SqlArgs().Add("before", now - Microseconds(MarkLifetime)), cancellationToken).ConfigureAwait(false);
        Volatile.Write(ref _pruned, now);
    }

    /// <summary>Whether an operation was applied.</summary>
    private enum Applied
    {
        /// <summary>It was not, and never will be.</summary>
        Never,

        /// <summary>It was, and the answer describes the state right after it.</summary>
        Now,

        /// <summary>It was, by a run whose answer was lost. Others may have changed everything since.</summary>
        Before,
    }

    /// <summary>The answer of a unit that is applied at most once.</summary>
    /// <param name="Applied">Whether the unit was applied.</param>
    /// <param name="Value">What was read, unless it was applied before.</param>
    private readonly record struct OnceAnswer<T>(Applied Applied, T Value);
}
