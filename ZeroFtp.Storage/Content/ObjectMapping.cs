using ZeroFtp.Storage.Metadata;
using ZeroFtp.Storage.Objects;

namespace ZeroFtp.Storage.Content;

/// <summary>Maps objects between the metadata (an id, and a reference if the id does not suffice) and the object store (a reference).</summary>
internal static class ObjectMapping
{
    public static ObjectRow ToRow(this StoredObject stored, long id, IObjectStore store) =>
        new(id, stored.Length, stored.Hash.XxHash128, stored.Hash.Crc32, store.CallerNamesObjects ? null : stored.Reference);

    public static StoredObject ToStored(this ObjectRow row, IObjectStore store) =>
        new(row.ReferenceIn(store), row.Length, new ObjectHash(row.Hash, row.Crc));

    public static string ReferenceIn(this ObjectRow row, IObjectStore store) => row.Reference ?? store.ReferenceFor(row.Id);
}
