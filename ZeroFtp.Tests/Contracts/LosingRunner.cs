using System.Data.Common;
using ZeroFtp.Storage.Metadata.Sql;

namespace ZeroFtp.Tests.Contracts;

/// <summary>A runner in front of a real one that loses the answer to the next unit that writes, or the unit itself, and then sends it again, as a runner on a network does.</summary>
internal sealed class LosingRunner(ISqlRunner inner) : ISqlRunner
{
    private Func<Task>? _meanwhile;
    private Func<Task>? _late;
    private bool _isLate;

    public long RoundTrips => inner.RoundTrips;

    public int UsageSlots => inner.UsageSlots;

    /// <summary>The next unit is applied and its answer is lost; it is sent again after <paramref name="meanwhile"/>.</summary>
    public void LoseNext(Func<Task> meanwhile) => (_meanwhile, _isLate) = (meanwhile, false);

    /// <summary>The next unit is held up on its way and sent again after <paramref name="meanwhile"/>; what is held up arrives with <see cref="ArriveAsync"/>.</summary>
    public void DelayNext(Func<Task> meanwhile) => (_meanwhile, _isLate) = (meanwhile, true);

    /// <summary>What was held up arrives; nobody sees its answer, or that it failed.</summary>
    public async Task ArriveAsync() => await Record.ExceptionAsync(_late ?? throw new InvalidOperationException("Nothing was held up."));

    public long NewIds(int count) => inner.NewIds(count);

    public ValueTask<T> ReadAsync<T>(SqlUnit unit, SqlArgs args, Func<DbDataReader, CancellationToken, ValueTask<T>> read, CancellationToken cancellationToken) => inner.ReadAsync(unit, args, read, cancellationToken);

    public async ValueTask<SqlAnswer<T>> WriteAsync<T>(SqlUnit unit, SqlArgs args, Func<DbDataReader, CancellationToken, ValueTask<T>> read, long hot, CancellationToken cancellationToken)
    {
        if (_meanwhile is not { } meanwhile)
            return await inner.WriteAsync(unit, args, read, hot, cancellationToken);
        _meanwhile = null;
        if (_isLate)
        {
            SqlArgs first = new();
            foreach (SqlArg arg in args.Items)
                first.Add(arg);
            _late = async () => await inner.WriteAsync(unit, first, read, hot, CancellationToken.None);
        }
        else
        {
            await inner.WriteAsync(unit, args, read, hot, cancellationToken);
        }
        await meanwhile();
        args.NextRun();
        return (await inner.WriteAsync(unit, args, read, hot, cancellationToken)) with { Again = true };
    }

    public ValueTask ProbeAsync(CancellationToken cancellationToken) => inner.ProbeAsync(cancellationToken);

    public ValueTask ExecuteAsync(string statement, CancellationToken cancellationToken) => inner.ExecuteAsync(statement, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
