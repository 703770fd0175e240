using System.Data;

namespace ZeroFtp.Storage.Metadata.Sql;

/// <summary>The arguments of one run of a unit, in the same order for every run of the same text, so that a prepared command can be filled by position.</summary>
internal sealed class SqlArgs
{
    private readonly List<SqlArg> _items = new(16);

    public IReadOnlyList<SqlArg> Items => _items;

    public SqlArgs Add(string name, long? value) => Add(new SqlArg(name, DbType.Int64, value));

    public SqlArgs Add(string name, string? value) => Add(new SqlArg(name, DbType.String, value));

    public SqlArgs Add(string name, bool value) => Add(new SqlArg(name, DbType.Boolean, value));

    public SqlArgs Add(string name, byte[]? value) => Add(new SqlArg(name, DbType.Binary, value));

    private SqlArgs Add(SqlArg arg)
    {
        _items.Add(arg);
        return this;
    }
}

/// <summary>One argument. Its type is always told, so that a null needs no cast in the text.</summary>
internal readonly record struct SqlArg(string Name, DbType Type, object? Value);
