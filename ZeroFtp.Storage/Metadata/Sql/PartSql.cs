using System.Collections.Concurrent;
using System.Globalization;
using System.Numerics;

namespace ZeroFtp.Storage.Metadata.Sql;

/// <summary>
/// Files that a publication consumes (COMB): they must be as they were when their content was taken, and they go in the same unit. A part is named by its id and version, which every change of its row or content
/// raises, so that of several publications that take the same parts one finds them.
/// </summary>
internal static class PartSql
{
    private static readonly ConcurrentDictionary<int, SqlUnit> Finds = new();

    /// <summary>The room that a text keeps for parts: few sizes, so that few texts are prepared.</summary>
    public static int Room(int parts) => parts == 0 ? 0 : (int)BitOperations.RoundUpToPowerOf2((uint)parts);

    /// <summary>The rows of parts as they are now.</summary>
    public static SqlUnit Find(int room) => Finds.GetOrAdd(room, static n => new SqlUnit("FindParts", $"SELECT id, ver FROM file WHERE {IsPart(n)};"));

    public static string AreThere(int room) => room == 0 ? "" : $"""

          AND (SELECT COUNT(*) FROM file WHERE {IsPart(room)} AND ver = CASE id {string.Join(' ', Each(room, static i => $"WHEN @pi{i} THEN @pv{i}"))} END) = @parts
        """;

    /// <summary>Taken off what a publication adds to the owner's bytes.</summary>
    public static string FreedBytes(int room, string owner) =>
        room == 0 ? "" : $" - (SELECT CAST(COALESCE(SUM(p.size), 0) AS INT8) FROM file p WHERE {IsPart(room, "p.")} AND p.owner = {owner})";

    /// <summary>Whoever owns a part has no file more in the end.</summary>
    public static string FreesFile(int room) => room == 0 ? "" : $" OR EXISTS (SELECT 1 FROM file p WHERE {IsPart(room, "p.")} AND p.owner = @owner)";

    public static string Consume(int room) => room == 0 ? "" : $"""
        UPDATE path SET ver = ver + 1 WHERE id <> @dir AND id IN (SELECT path_id FROM file WHERE {IsPart(room)}) AND {ExtentSql.Ready};
        INSERT INTO garbage (stor_key, size, made, due) SELECT stor_key, size, @now, @due FROM file WHERE {IsPart(room)} AND stor_key IS NOT NULL AND {ExtentSql.Ready};
        INSERT INTO usage (owner, slot, bytes, files)
        SELECT owner, @slot, CAST(-SUM(size) AS INT8), -COUNT(*) FROM file WHERE {IsPart(room)} AND {ExtentSql.Ready} GROUP BY owner {TreeSql.Charge}
        DELETE FROM file WHERE {IsPart(room)} AND {ExtentSql.Ready};
        """;

    /// <summary>The arguments of the parts; nothing for none.</summary>
    public static SqlArgs AddParts(this SqlArgs args, IReadOnlyList<FileRow> parts)
    {
        if (parts.Count == 0)
            return args;
        args.Add("parts", parts.Count);
        for (int i = 0; i < Room(parts.Count); i++)
        {
            // An id is positive: what fills the room names no file.
            args.Add(string.Create(CultureInfo.InvariantCulture, $"pi{i}"), i < parts.Count ? parts[i].Id : -1 - i);
            args.Add(string.Create(CultureInfo.InvariantCulture, $"pv{i}"), i < parts.Count ? parts[i].Version : -1);
        }
        return args;
    }

    private static string IsPart(int room, string prefix = "") => $"{prefix}id IN ({string.Join(", ", Each(room, static i => $"@pi{i}"))})";

    private static IEnumerable<string> Each(int room, Func<int, string> text) => Enumerable.Range(0, room).Select(text);
}
