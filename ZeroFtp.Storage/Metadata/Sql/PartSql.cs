using System.Collections.Concurrent;
using System.Globalization;
using System.Numerics;

namespace ZeroFtp.Storage.Metadata.Sql;

/// <summary>
/// Files that a publication consumes (COMB). They must be unchanged since their content was taken, and are removed in the same unit. A part is identified by
/// its id and version, which every change of its row or content increments, so that of several publications that take the same parts only one succeeds.
/// </summary>
internal static class PartSql
{
    private static readonly ConcurrentDictionary<int, SqlUnit> Finds = new();

    /// <summary>The number of parts that a text has room for. There are few sizes, so that few texts are prepared.</summary>
    public static int Room(int parts) => parts == 0 ? 0 : (int)BitOperations.RoundUpToPowerOf2((uint)parts);

    /// <summary>Reads the current rows of parts.</summary>
    public static SqlUnit Find(int room) => Finds.GetOrAdd(room, static n => new SqlUnit("FindParts", $"SELECT id, ver FROM file WHERE {IsPart(n)};"));

    public static string AreThere(int room) => room == 0 ? "" : $"""

          AND (SELECT COUNT(*) FROM file WHERE {IsPart(room)} AND ver = CASE id {string.Join(' ', Each(room, static i => $"WHEN @pi{i} THEN @pv{i}"))} END) = @parts
        """;

    /// <summary>Subtracted from what a publication adds to the owner's bytes.</summary>
    public static string FreedBytes(int room, string owner) =>
        room == 0 ? "" : $" - (SELECT CAST(COALESCE(SUM(p.size), 0) AS INT8) FROM file p WHERE {IsPart(room, "p.")} AND p.owner = {owner})";

    /// <summary>An owner of a part does not have more files afterwards.</summary>
    public static string FreesFile(int room) => room == 0 ? "" : $" OR EXISTS (SELECT 1 FROM file p WHERE {IsPart(room, "p.")} AND p.owner = @owner)";

    public static string Consume(int room) => room == 0 ? "" : $"""
        UPDATE path SET ver = ver + 1 WHERE id <> @dir AND id IN (SELECT path_id FROM file WHERE {IsPart(room)}) AND {ExtentSql.Ready};
        INSERT INTO garbage (stor_key, size, made, due) SELECT stor_key, size, @now, @due FROM file WHERE {IsPart(room)} AND stor_key IS NOT NULL AND {ExtentSql.Ready};
        INSERT INTO usage (owner, slot, bytes, files)
        SELECT owner, @slot, CAST(-SUM(size) AS INT8), -COUNT(*) FROM file WHERE {IsPart(room)} AND {ExtentSql.Ready} GROUP BY owner {TreeSql.Charge}
        DELETE FROM file WHERE {IsPart(room)} AND {ExtentSql.Ready};
        """;

    /// <summary>Adds the arguments of the parts; none if there are no parts.</summary>
    public static SqlArgs AddParts(this SqlArgs args, IReadOnlyList<FileRow> parts)
    {
        if (parts.Count == 0)
            return args;
        args.Add("parts", parts.Count);
        for (int i = 0; i < Room(parts.Count); i++)
        {
            // Ids are positive, so the padding matches no file.
            args.Add(string.Create(CultureInfo.InvariantCulture, $"pi{i}"), i < parts.Count ? parts[i].Id : -1 - i);
            args.Add(string.Create(CultureInfo.InvariantCulture, $"pv{i}"), i < parts.Count ? parts[i].Version : -1);
        }
        return args;
    }

    private static string IsPart(int room, string prefix = "") => $"{prefix}id IN ({string.Join(", ", Each(room, static i => $"@pi{i}"))})";

    private static IEnumerable<string> Each(int room, Func<int, string> text) => Enumerable.Range(0, room).Select(text);
}
