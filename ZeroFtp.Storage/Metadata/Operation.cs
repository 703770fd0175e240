using System.Collections.Concurrent;

namespace ZeroFtp.Storage.Metadata;

/// <summary>
/// The identity of one operation, so that a unit whose answer was lost can be run again and is still applied at most once. See <see cref="Sql.MarkSql"/> for how units use it.
/// Disposing it gives its mark to the next operation.
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

    /// <summary>The row of <c>mark</c> that tells of it.</summary>
    public long Mark => _mark.Id;

    /// <summary>The number of its first run. Whatever the mark has at or above it was left by a run of this operation.</summary>
    public long First { get; }

    /// <summary>The number of the current run.</summary>
    public long Run { get; private set; }

    /// <summary>Begins another run, after one of which nobody knows whether it was applied.</summary>
    public void Next() => Run = ++_mark.Last;

    public void Dispose() => _owner.Return(_mark);
}

/// <summary>The marks of this process: as many as it has operations at once, each used by one operation after the other.</summary>
internal sealed class OperationMarks(Func<OperationMarks.Mark> make)
{
    private readonly ConcurrentBag<Mark> _free = [];

    /// <summary>Begins an operation.</summary>
    public Operation Begin() => new(this, _free.TryTake(out Mark? mark) ? mark : make());

    internal void Return(Mark mark) => _free.Add(mark);

    /// <summary>A row of <c>mark</c>, and the last run that was numbered for it. No other mark may have its id, nor one of its numbers.</summary>
    internal sealed class Mark(long id, long last)
    {
        public long Id => id;

        public long Last { get; set; } = last;
    }
}
