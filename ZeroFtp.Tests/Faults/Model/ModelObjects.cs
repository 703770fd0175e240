using ZeroFtp.Storage.Objects;
using ZeroFtp.Storage.Metadata.Sql;

namespace ZeroFtp.Tests.Faults.Model;

/// <summary>
/// An object store as 0-stor with two copies is: a reference lists the parts, a repair keeps the good ones and writes only what is missing, so that the new reference shares parts with the old one.
/// Each call is a step of its actor.
/// </summary>
internal sealed class ModelObjects(ModelRunner runner) : IObjectStore
{
    public long MaxObjectLength => 1;

    public bool CallerNamesObjects => false;

    public bool IsRemote => true;

    public string ReferenceFor(long id) => throw new NotSupportedException();

    /// <summary>Stores both parts of an object.</summary>
    public ValueTask<string> PutAsync(long id)
    {
        string reference = $"{id}x,{id}y";
        return runner.CallAsync("Put", world =>
        {
            foreach (string part in reference.Split(','))
                Add(world, part);
            return reference;
        });
    }

    public ValueTask<string?> DeleteAsync(string reference, CancellationToken cancellationToken) =>
        runner.CallAsync<string?>("Delete", world =>
        {
            foreach (string part in reference.Split(','))
                Remove(world, part);
            return null;
        });

    public string? Subtract(string reference, string kept) => string.Join(',', reference.Split(',').Except(kept.Split(','))) is { Length: > 0 } rest ? rest : null;

    public ValueTask<StoredObject?> RepairAsync(StoredObject stored, CancellationToken cancellationToken)
    {
        string young = runner.NewIds(1) + "z";
        return runner.CallAsync<StoredObject?>("Repair", world =>
        {
            string[] parts = stored.Reference.Split(',');
            string[] good = [.. parts.Where(part => Has(world, part))];
            if (good.Length == 0 || good.Length == parts.Length)
                return good.Length == 0 ? null : stored;
            Add(world, young);
            return stored with { Reference = string.Join(',', good.Append(young)) };
        });
    }

    public ValueTask<IObjectWriter> CreateAsync(string? reference, long? expectedLength, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<IObjectReader> OpenAsync(StoredObject stored, long offset, long length, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<ObjectState> CheckAsync(StoredObject stored, bool deep, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public static void Add(ModelWorld world, string part) => world.Session.Run(AddUnit, new SqlArgs().Add("name", part), None);

    public static void Remove(ModelWorld world, string part) => world.Session.Run(RemoveUnit, new SqlArgs().Add("name", part), None);

    /// <summary>A part is gone before anything begins.</summary>
    public static void Lose(ModelWorld world, string part)
    {
        Remove(world, part);
        world.Session.Run(LoseUnit, new SqlArgs().Add("name", part), None);
    }

    private static bool Has(ModelWorld world, string part) => world.Session.Run(HasUnit, new SqlArgs().Add("name", part), Rows.NumberAsync) > 0;

    private static ValueTask<int> None(System.Data.Common.DbDataReader reader, CancellationToken cancellationToken) => ValueTask.FromResult(0);

    private static readonly SqlUnit AddUnit = new("AddPart", "INSERT INTO part (name) VALUES (@name) ON CONFLICT (name) DO NOTHING;");

    private static readonly SqlUnit RemoveUnit = new("RemovePart", "DELETE FROM part WHERE name = @name;");

    private static readonly SqlUnit LoseUnit = new("LosePart", "INSERT INTO lost (name) VALUES (@name);");

    private static readonly SqlUnit HasUnit = new("HasPart", "SELECT COUNT(*) FROM part WHERE name = @name;");
}
