using System.Data.Common;
using ZeroFtp.Storage.Metadata;
using ZeroFtp.Storage.Metadata.Sql;

namespace ZeroFtp.Tests.Faults.Model;

/// <summary>
/// Gives one actor the answers that it has had, and stops it at the first request that has none yet. An actor cannot be copied while it runs; it is run again from its beginning with the same answers instead, which
/// brings it to the same place, since nothing else reaches it: its ids are counted, its clock is that of the answers, and nothing waits for anything but a request.
/// </summary>
internal sealed class ModelRunner(ModelWorld world, long firstId) : ISqlRunner
{
    private IReadOnlyList<ModelAnswer>? _answers;
    private int _at;
    private readonly long _first = firstId;
    private long _ids = firstId;
    private long? _lease;
    private int _marks;

    /// <summary>What it waits for; null if it has ended.</summary>
    public ModelRequest? Pending { get; private set; }

    public long RoundTrips => 0;

    public int UsageSlots => 1;

    /// <summary>From now on requests are answered from the list; before, they are run at once.</summary>
    public void Replay(IReadOnlyList<ModelAnswer> answers) => (_answers, _at) = (answers, 0);

    public long NewIds(int count) => (_ids += count) - count;

    public OperationMarks.Mark NewMark() => new(_first + _marks, ((_first * 100) + _marks++) * 1_000);

    public ValueTask<T> ReadAsync<T>(SqlUnit unit, SqlArgs args, Func<DbDataReader, CancellationToken, ValueTask<T>> read, CancellationToken cancellationToken) =>
        Answer(new ModelRequest(unit.Name, false, (w, before) => w.Run(unit, args, read, before).Value), static (value, _) => (T)value!);

    public ValueTask<SqlAnswer<T>> WriteAsync<T>(SqlUnit unit, SqlArgs args, Func<DbDataReader, CancellationToken, ValueTask<T>> read, long hot, CancellationToken cancellationToken)
    {
        SqlArgs fixedArgs = WithoutChance(args);
        return Answer(
            new ModelRequest(unit.Name, true, (w, before) => w.Run(unit, fixedArgs, read, before)),
            static (value, again) => ToAnswer(((T, bool))value!, again),
            args);
    }

    /// <summary>A call of the object store.</summary>
    public ValueTask<T> CallAsync<T>(string name, Func<ModelWorld, T> run) => Answer(new ModelRequest(name, false, (w, _) => run(w)), static (value, _) => (T)value!);

    public ValueTask ExecuteAsync(string statement, CancellationToken cancellationToken)
    {
        world.Session.Execute(statement);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private ValueTask<T> Answer<T>(ModelRequest request, Func<object?, bool, T> convert, SqlArgs? args = null)
    {
        if (_answers is null)
            return ValueTask.FromResult(convert(request.Run(world, 0), false));
        if (_at == _answers.Count)
        {
            Pending = request;
            return new ValueTask<T>(new TaskCompletionSource<T>().Task);
        }
        ModelAnswer answer = _answers[_at++];
        world.Clock.Steps = answer.Steps;
        // An attempt that was not answered is followed by one with the next number.
        if (answer.Again)
            args?.NextRun();
        return answer.Fault is null ? ValueTask.FromResult(convert(answer.Value, answer.Again)) : ValueTask.FromException<T>(answer.Fault);
    }

    private static SqlAnswer<T> ToAnswer<T>((T Value, bool Won) answer, bool again) => new(answer.Value, again, answer.Won);

    // A lease is told from others by a random part of its time. Here it is told by its actor, so that a run of the same steps is the same.
    private SqlArgs WithoutChance(SqlArgs args)
    {
        if (!args.Items.Any(static x => x.Name == "until"))
            return args;
        SqlArgs same = new();
        foreach (SqlArg arg in args.Items)
        {
            if (arg.Name == "until")
                same.Add(arg.Name, _lease ??= ((long)arg.Value! / 1_000_000 * 1_000_000) + _first);
            else if (arg.Value is string text)
                same.Add(arg.Name, text);
            else if (arg.Value is byte[] bytes)
                same.Add(arg.Name, bytes);
            else if (arg.Value is bool flag)
                same.Add(arg.Name, flag);
            else
                same.Add(arg.Name, (long?)arg.Value);
        }
        return same;
    }
}
