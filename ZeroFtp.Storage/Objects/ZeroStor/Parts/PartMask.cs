using Google.Protobuf;
using ZeroFtp.Storage.Objects.ZeroStor.Schema;
using ZeroFtp.Storage.Objects.ZeroStor.Wire;
using Part = ZeroFtp.Storage.Objects.ZeroStor.Schema.Object;

namespace ZeroFtp.Storage.Objects.ZeroStor.Parts;

/// <summary>
/// Addresses single parts of chunks. The daemon's calls take whole chunks. A part that is to be left out keeps its position, which identifies it within the
/// code, and gets a key that no shard has.
/// </summary>
internal static class PartMask
{
    // Keys of 0-db in sequential mode have 4 or 8 bytes; a key of another length is never found.
    private static readonly ByteString _nowhere = ByteString.CopyFrom(0xFF);

    public static bool IsMasked(Part part) => part.Key.Equals(_nowhere);

    /// <summary>Returns the shards that hold the parts of a reference, in order.</summary>
    public static IReadOnlyList<string> Shards(string reference) =>
        [.. ChunkReference.Decode(reference).SelectMany(static chunk => chunk.Objects)
            .Where(static part => !IsMasked(part)).Select(static part => part.ShardID).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Returns the chunk with only the chosen parts.</summary>
    public static Chunk Keep(Chunk chunk, Func<int, bool> isKept)
    {
        Chunk masked = new() { ChunkSize = chunk.ChunkSize, Hash = chunk.Hash };
        for (int i = 0; i < chunk.Objects.Count; i++)
            masked.Objects.Add(isKept(i) ? chunk.Objects[i] : Nowhere(chunk.Objects[i].ShardID));
        return masked;
    }

    /// <summary>Returns a chunk of one part, which can be checked and deleted, but not read if blocks are erasure-coded.</summary>
    public static Chunk Alone(Chunk chunk, Part part) => new() { ChunkSize = chunk.ChunkSize, Hash = chunk.Hash, Objects = { part } };

    /// <summary>Returns a part that the shard never has.</summary>
    public static Part Nowhere(string shard) => new() { ShardID = shard, Key = _nowhere };

    /// <summary>
    /// Returns what one reference names and another does not, part by part. A repair may keep good parts, which the new reference then shares with the old one.
    /// </summary>
    /// <returns>Null if nothing is left.</returns>
    public static string? Subtract(string reference, string kept)
    {
        HashSet<Part> keptParts = [.. ChunkReference.Decode(kept).SelectMany(static chunk => chunk.Objects)];
        Chunk[] rest = [.. ChunkReference.Decode(reference)
            .Select(chunk => Keep(chunk, i => !keptParts.Contains(chunk.Objects[i])))
            .Where(static chunk => !chunk.Objects.All(IsMasked))];
        return rest.Length == 0 ? null : ChunkReference.Encode(rest);
    }
}
