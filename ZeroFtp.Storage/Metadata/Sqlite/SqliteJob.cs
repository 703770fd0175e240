using System.Data.Common;
using ZeroFtp.Storage.Metadata.Sql;

namespace ZeroFtp.Storage.Metadata.Sqlite;

/// <summary>A unit that waits for the writer. Its caller goes on when the transaction that holds it is committed.</summary>
internal abstract class SqliteJob(CancellationToken cancellationToken)
{
    private protected Exception? Fault { get; private set; }

    /// <summary>Whether its caller has given it up before it began.</summary>
    public bool IsCancelled => cancellationToken.IsCancellationRequested;

    /// <summary>Whether it runs in a transaction; otherwise by itself.</summary>
    public virtual bool IsTransactional => true;

    private protected CancellationToken CancellationToken => cancellationToken;

    /// <summary>The transaction that it was in is run again.</summary>
    public void Reset() => Fault = null;

    /// <summary>Runs it; the result is kept until <see cref="Complete"/>.</summary>
    public abstract void Run(SqliteSession session);

    /// <summary>It failed and its changes were taken back; the others of its transaction go on.</summary>
    public void Fail(Exception fault) => Fault = fault;

    /// <summary>Lets its caller go on.</summary>
    public abstract void Complete();
}

/// <summary>A writing unit.</summary>
internal sealed class SqliteJob<T>(SqlUnit unit, SqlArgs args, Func<DbDataReader, CancellationToken, ValueTask<T>> read, CancellationToken cancellationToken) : SqliteJob(cancellationToken)
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
