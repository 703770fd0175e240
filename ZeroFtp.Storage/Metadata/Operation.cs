using System.Collections.Concurrent;

namespace ZeroFtp.Storage.Metadata;

/// <summary>
/// The identity of an operation, so that a unit whose answer was lost can be run again and is still applied at most once. <see cref="Sql.MarkSql"/> explains
/// how units use it. Disposing it releases its mark for the next operation.
/// </summary>
internal sealed class Operation : IDisposable
{
    private readonly OperationMarks _owner;
    private readonly OperationMarks.Mark _mark;

    internal Operation(OperationMarks owner, OperationMarks.Mark mark)
    {
        _owner = owner;
        _mark = mark;
        First = Run = ++mark.Last;
    }

    /// <summary>The row of <c>mark</c> that the operation uses.</summary>
    public long Mark => _mark.Id;

    /// <summary>The number of its first run. A number in the mark that is not below it was left by a run of this operation.</summary>
    public long First { get; }

    /// <summary>The number of the current run.</summary>
    public long Run { get; private set; }

    /// <summary>Starts another run, after one of which it is unknown whether it was applied.</summary>
    public void Next() => Run = ++_mark.Last;

    public void Dispose() => _owner.Return(_mark);
}

/// <summary>The marks of this process: as many as it has concurrent operations, each used by one operation after another.</summary>
internal sealed class OperationMarks(Func<OperationMarks.Mark> make)
{
    private readonly ConcurrentBag<Mark> _free = [];

    /// <summary>Starts an operation.</summary>
    public Operation Begin() => new(this, _free.TryTake(out Mark? mark) ? mark : make());

    internal void Return(Mark mark) => _free.Add(mark);

    /// <summary>A row of <c>mark</c>, and the number of the last run that used it. No other mark may have its id or any of its numbers.</summary>
    internal sealed class Mark(long id, long last)
    {
        public long Id => id;

        public long Last { get; set; } = last;
    }
}
