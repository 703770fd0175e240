using System.Data.Common;
using ZeroFtp.Storage.Metadata.Sql;

namespace ZeroFtp.Storage.Metadata.Sqlite;

/// <summary>A unit that waits for the writer. Its caller continues when the transaction that contains it is committed.</summary>
internal abstract class SqliteJob(CancellationToken cancellationToken)
{
    private protected Exception? Fault { get; private set; }

    /// <summary>True if its caller gave up before it started.</summary>
    public bool IsCancelled => cancellationToken.IsCancellationRequested;

    /// <summary>True if it runs in a transaction, false if it runs by itself.</summary>
    public virtual bool IsTransactional => true;

    private protected CancellationToken CancellationToken => cancellationToken;

    /// <summary>Prepares the job for another run of its transaction.</summary>
    public void Reset() => Fault = null;

    /// <summary>Runs the job and keeps its result until <see cref="Complete"/>.</summary>
    public abstract void Run(SqliteSession session);

    /// <summary>Records that the job failed and its changes were rolled back. The other jobs of its transaction continue.</summary>
    public void Fail(Exception fault) => Fault = fault;

    /// <summary>Completes the caller's task.</summary>
    public abstract void Complete();
}

/// <summary>A writing unit.</summary>
internal sealed class SqliteJob<T>(SqlUnit unit, SqlArgs args, Func<DbDataReader, CancellationToken, ValueTask<T>> read, CancellationToken cancellationToken)
    : SqliteJob(cancellationToken)
{
    private readonly TaskCompletionSource<SqlAnswer<T>> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SqlAnswer<T> _answer;
    private bool _ran;

    public Task<SqlAnswer<T>> Task => _done.Task;

    public override void Run(SqliteSession session)
    {
        T value = session.Run(unit, args, read, out bool won);
        _answer = new SqlAnswer<T>(value, false, won);
        _ran = true;
    }

    public override void Complete()
    {
        if (Fault is not null)
            _done.SetException(Fault);
        else if (_ran)
            _done.SetResult(_answer);
        else
            _done.SetCanceled(CancellationToken);
    }
}

/// <summary>A statement outside any transaction.</summary>
internal sealed class SqliteStatement(string text, CancellationToken cancellationToken) : SqliteJob(cancellationToken)
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Task => _done.Task;

    public override bool IsTransactional => false;

    public override void Run(SqliteSession session) => session.Execute(text);

    public override void Complete()
    {
        if (Fault is not null)
            _done.SetException(Fault);
        else
            _done.SetResult();
    }
}
