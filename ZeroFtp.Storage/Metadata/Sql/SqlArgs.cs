using System.Data;

namespace ZeroFtp.Storage.Metadata.Sql;

/// <summary>
/// The arguments of one run of a unit, in the same order for every run of the same text, so that a prepared command can be filled by position.
/// </summary>
internal sealed class SqlArgs
{
    private readonly List<SqlArg> _items = new(16);

    private Operation? _operation;
    private int _run;

    public IReadOnlyList<SqlArg> Items => _items;

    public SqlArgs Add(string name, long? value) => Add(new SqlArg(name, DbType.Int64, value));

    public SqlArgs Add(string name, string? value) => Add(new SqlArg(name, DbType.String, value));

    public SqlArgs Add(string name, bool value) => Add(new SqlArg(name, DbType.Boolean, value));

    public SqlArgs Add(string name, byte[]? value) => Add(new SqlArg(name, DbType.Binary, value));

    /// <summary>Adds the arguments of a unit that <see cref="SqlUnit.IsMarked"/>. <see cref="NextRun"/> then numbers each further run.</summary>
    public SqlArgs Add(Operation operation, long made)
    {
        _operation = operation;
        Add("mark", operation.Mark).Add("first", operation.First).Add("made", made).Add("run", operation.Run);
        _run = _items.Count - 1;
        return this;
    }

    /// <summary>Call this before the unit is sent again.</summary>
    public void NextRun()
    {
        if (_operation is null)
            return;
        _operation.Next();
        _items[_run] = _items[_run] with { Value = _operation.Run };
    }

    public SqlArgs Add(SqlArg arg)
    {
        _items.Add(arg);
        return this;
    }
}

/// <summary>An argument. Its type is always given, so that a null needs no cast in the text.</summary>
internal readonly record struct SqlArg(string Name, DbType Type, object? Value);
