using System.Data.Common;
using ZeroFtp.Storage.Metadata;
using ZeroFtp.Storage.Metadata.Sql;

namespace ZeroFtp.Tests.Faults.Model;

/// <summary>Runs the registration of a front-end at once and out of sight of the search, everything else through the actor's own runner.</summary>
internal sealed class SwitchRunner(ServerRunner first, ModelRunner then) : ISqlRunner
{
    public long RoundTrips => 0;

    public int UsageSlots => 1;

    public long NewIds(int count) => first.IsDone ? then.NewIds(count) : first.Server;

    public OperationMarks.Mark NewMark() => then.NewMark();

    public ValueTask<T> ReadAsync<T>(SqlUnit unit, SqlArgs args, Func<DbDataReader, CancellationToken, ValueTask<T>> read, CancellationToken cancellationToken) => then.ReadAsync(unit, args, read, cancellationToken);

    public ValueTask<SqlAnswer<T>> WriteAsync<T>(SqlUnit unit, SqlArgs args, Func<DbDataReader, CancellationToken, ValueTask<T>> read, long hot, CancellationToken cancellationToken) =>
        first.IsDone ? then.WriteAsync(unit, args, read, hot, cancellationToken) : first.WriteAsync(unit, args, read);

    public ValueTask ExecuteAsync(string statement, CancellationToken cancellationToken) => then.ExecuteAsync(statement, cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>What registers a front-end whose row is there already: an actor is made again and again, its front-end only once.</summary>
internal sealed class ServerRunner(ModelWorld world, long server)
{
    public long Server => server;

    public bool IsDone { get; set; }

    public ValueTask<SqlAnswer<T>> WriteAsync<T>(SqlUnit unit, SqlArgs args, Func<DbDataReader, CancellationToken, ValueTask<T>> read) =>
        ValueTask.FromResult(new SqlAnswer<T>(world.IsSetUp ? default! : world.Run(unit, args, read, 0).Value, false));
}
