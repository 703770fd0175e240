using System.Collections.Concurrent;

namespace ZeroFtp.Storage.Metadata.Sql;

/// <summary>Publications and journals of uploads. The <c>upload</c> row is the gate of every publication.</summary>
/// <remarks>
/// A publication is one unit. If the upload was not journalled, the unit inserts its row. The first statement after that sets <c>ready</c> if every condition
/// holds, each later statement works only where <c>ready</c> is set, and the last one deletes the row. Example: an upload replaces <c>a</c>. The row is set
/// ready; the extents are inserted, the old content becomes garbage, the usage and the <c>file</c> row change; the row is deleted. If the answer is lost and
/// the unit runs again, it cannot insert the row, because a <c>file</c> or <c>garbage</c> row has its key. No row becomes ready, and the second run changes
/// nothing. Had the quota been exceeded, the row would exist without <c>ready</c>, and the upload could
/// still be abandoned. An append leaves no row with its key, so its unit tests whether its first object is already in use instead.
/// </remarks>
internal static class UploadSql
{
    private const string Mine = "u.server_id = @server AND u.stor_key = @key";

    // One lookup for each front-end. The key of upload begins with the front-end, and a search by the rest of it would read the whole table.
    private const string NobodyElseHasIt =
        "NOT EXISTS (SELECT 1 FROM server s WHERE s.id <> @server AND (SELECT COUNT(*) FROM upload u WHERE u.server_id = s.id AND u.stor_key = @key) > 0)";

    private const string PlanColumns = "server_id, stor_key, path_id, name, owner, kind, filemode, base_id, base_key, base_ver, base_size, start, repeats, keep, length, started";

    private const string PlanValues = "@key, @dir, @name, @owner, @kind, @mode, @base, @basekey, @basever, @basesize, @offset, @repeats, @keep";

    private static readonly ConcurrentDictionary<int, SqlUnit> Journals = new();
    private static readonly ConcurrentDictionary<Shape, SqlUnit> Publications = new();
    private static readonly ConcurrentDictionary<int, SqlUnit> Discards = new();

    /// <summary>What distinguishes the text of one publication from another.</summary>
    /// <param name="Onto">True if it changes the content of a file instead of replacing it.</param>
    /// <param name="Gate">True if the upload was not journalled.</param>
    /// <param name="Extents">The number of extents that the unit inserts.</param>
    /// <param name="Quota">True if the owner's quota is checked.</param>
    /// <param name="Partial">True if the result is a partial file, by the rule for interrupted uploads.</param>
    /// <param name="Cut">True if bytes of the base are replaced, so that its extents are cut; false if bytes are appended.</param>
    /// <param name="Exact">True if the base must be at the known version; for a publication that replaces a file, true if it must be the base.</param>
    /// <param name="Parts">Room for the files that the publication consumes; 0 if there are none.</param>
    internal readonly record struct Shape(bool Onto, bool Gate, int Extents, bool Quota, bool Partial, bool Cut, bool Exact, int Parts = 0);

    public static SqlUnit Journal(int extents) => Journals.GetOrAdd(extents, static n => new SqlUnit("Journal", $"""
        INSERT INTO upload ({PlanColumns})
        SELECT id, {PlanValues}, 0, @started FROM server WHERE id = @server AND expires > 0 AND @from = 0 AND NOT EXISTS (SELECT 1 FROM garbage WHERE stor_key = @key)
          AND NOT EXISTS (SELECT 1 FROM file WHERE stor_key = @key)
        ON CONFLICT (server_id, stor_key) DO NOTHING;
        {ExtentSql.Insert(n, $"EXISTS (SELECT 1 FROM upload u WHERE {Mine})")}
        UPDATE upload SET length = @end WHERE server_id = @server AND stor_key = @key AND length IN (@from, @end) RETURNING length;
        """));

    public static readonly SqlUnit JournalCopy = new("JournalCopy", $"""
        INSERT INTO upload ({PlanColumns})
        SELECT id, {PlanValues}, 0, @started FROM server WHERE id = @server AND expires > 0 AND @from = 0 AND NOT EXISTS (SELECT 1 FROM garbage WHERE stor_key = @key)
          AND NOT EXISTS (SELECT 1 FROM file WHERE stor_key = @key)
        ON CONFLICT (server_id, stor_key) DO NOTHING;
        INSERT INTO extent (stor_key, start, length, object, object_offset, object_length, hash, crc, ref)
        SELECT @key, CASE WHEN e.start < @srcfrom THEN @from ELSE e.start - @srcfrom + @from END, CASE WHEN e.start < @srcfrom THEN e.start + e.length - @srcfrom ELSE e.length END,
          e.object, CASE WHEN e.start < @srcfrom THEN e.object_offset + @srcfrom - e.start ELSE e.object_offset END, e.object_length, e.hash, e.crc, e.ref
        FROM extent e WHERE e.stor_key = @src AND e.start >= @srcfirst AND e.start < @srcend AND EXISTS (SELECT 1 FROM upload u WHERE {Mine})
          AND EXISTS (SELECT 1 FROM file WHERE id = @srcid AND stor_key = @src AND size = @srcsize AND ver = @srcver)
        ON CONFLICT (stor_key, start) DO NOTHING;
        UPDATE upload SET length = @end WHERE server_id = @server AND stor_key = @key AND length IN (@from, @end)
          AND EXISTS (SELECT 1 FROM extent e WHERE e.stor_key = @key AND e.start + e.length = @end AND e.start >= @from) RETURNING length;
        """);

    public static SqlUnit Publish(Shape shape) => Publications.GetOrAdd(shape, static x => new SqlUnit(x.Onto ? "PublishOnto" : "Publish", x.Onto ? Onto(x) : Whole(x)));

    private static string Gate(Shape x) => !x.Gate ? "" : $"""
        INSERT INTO upload ({PlanColumns})
        SELECT id, {PlanValues}, 0, @started FROM server WHERE id = @server AND expires > 0 AND NOT EXISTS (SELECT 1 FROM garbage WHERE stor_key = @key)
          AND NOT EXISTS (SELECT 1 FROM file WHERE stor_key = @key)
          {(x.Onto && x.Extents > 0 ? "AND NOT EXISTS (SELECT 1 FROM extent WHERE object = @probe) AND NOT EXISTS (SELECT 1 FROM garbage_object WHERE object = @probe)" : "")}
        ON CONFLICT (server_id, stor_key) DO NOTHING;
        """;

    /// <summary>An upload that does not increase the owner's usage is never refused. Otherwise nobody could repair a file at the limit.</summary>
    private static string Quota(Shape x, string owner, string growth) => !x.Quota ? "" : $"""

          AND (@quotabytes IS NULL OR (SELECT CAST(COALESCE(SUM(bytes), 0) AS INT8) FROM usage WHERE owner = {owner}) + {growth}{PartSql.FreedBytes(x.Parts, owner)} <= @quotabytes
            OR {growth}{PartSql.FreedBytes(x.Parts, owner)} <= 0)
        """;

    /// <summary>An owner who replaces another's file has one more.</summary>
    private static string FileQuota(Shape x) => !x.Quota ? "" : $"""

          AND (@quotafiles IS NULL OR EXISTS (SELECT 1 FROM file WHERE path_id = @dir AND name = @name AND owner = @owner){PartSql.FreesFile(x.Parts)}
            OR (SELECT CAST(COALESCE(SUM(files), 0) AS INT8) FROM usage WHERE owner = @owner) + 1 <= @quotafiles)
        """;

    /// <summary>An append that found no file when it started must not replace a file that was created since.</summary>
    private const string NeedsFree = "@kind = 1 OR @kind = 2";

    private static string Whole(Shape x) => $"""
        {Gate(x)}
        UPDATE upload SET ready = TRUE WHERE server_id = @server AND stor_key = @key AND EXISTS (SELECT 1 FROM path WHERE id = @dir) AND {TreeSql.IsLiving("@dir")}
          AND NOT EXISTS (SELECT 1 FROM file WHERE path_id = @dir AND name = @name AND {(x.Partial ? $"(is_dir OR link IS NOT NULL OR NOT partial OR size >= @size OR {NeedsFree})" : $"(is_dir OR {NeedsFree})")})
          {(x.Exact ? $"AND EXISTS (SELECT 1 FROM file WHERE {Base} AND ver = @basever)" : "")}{Quota(x,
              "@owner", "@size - COALESCE((SELECT size FROM file WHERE path_id = @dir AND name = @name AND owner = @owner), 0)")}{FileQuota(x)}{PartSql.AreThere(x.Parts)};
        UPDATE path SET ver = ver + 1 WHERE id = @dir AND {ExtentSql.Ready};
        {PartSql.Consume(x.Parts)}
        {ExtentSql.Insert(x.Extents, ExtentSql.Ready)}
        INSERT INTO garbage (stor_key, size, made, due)
        SELECT stor_key, size, @now, @due FROM file WHERE path_id = @dir AND name = @name AND stor_key IS NOT NULL AND {ExtentSql.Ready};
        INSERT INTO usage (owner, slot, bytes, files) SELECT owner, @slot, -size, -1 FROM file WHERE path_id = @dir AND name = @name AND {ExtentSql.Ready} {TreeSql.Charge}
        INSERT INTO file (id, path_id, name, is_dir, filemode, mod_time, birth_time, size, stor_key, partial, owner)
        SELECT @id, path_id, name, FALSE, filemode, @mod, @mod, @size, stor_key, @partial, owner FROM upload u WHERE {Mine} AND u.ready
        ON CONFLICT (path_id, name) DO UPDATE SET mod_time = excluded.mod_time, size = excluded.size, stor_key = excluded.stor_key, partial = excluded.partial, link = NULL, owner = excluded.owner, ver = file.ver + 1;
        INSERT INTO usage (owner, slot, bytes, files) SELECT owner, @slot, @size, 1 FROM upload u WHERE {Mine} AND u.ready {TreeSql.Charge}
        DELETE FROM upload WHERE server_id = @server AND stor_key = @key AND ready RETURNING stor_key;
        {TreeSql.State}
        """;

    private const string Base = "path_id = @dir AND name = @name AND id = @base AND stor_key = @basekey";

    private static string Onto(Shape x) => $"""
        {Gate(x)}
        UPDATE upload SET ready = TRUE WHERE server_id = @server AND stor_key = @key AND {TreeSql.IsLiving("@dir")}
          AND EXISTS (SELECT 1 FROM file WHERE {Base} AND size >= @offset{(x.Exact ? " AND ver = @basever" : "")}{(x.Partial ? " AND partial" : "")}){Quota(x, "(SELECT owner FROM file WHERE id = @base)", x.Cut ? "(SELECT CASE WHEN @to > size THEN @to - size ELSE 0 END FROM file WHERE id = @base)" : "@size - @skip")}{PartSql.AreThere(x.Parts)};
        UPDATE path SET ver = ver + 1 WHERE id = @dir AND {ExtentSql.Ready};
        {PartSql.Consume(x.Parts)}
        {ExtentSql.Insert(x.Extents, ExtentSql.Ready)}
        UPDATE extent SET start = @skip, length = length - @skip, object_offset = object_offset + @skip WHERE stor_key = @key AND start = 0 AND @skip > 0 AND {ExtentSql.Ready};
        {(x.Cut ? Cut : "")}
        UPDATE extent SET stor_key = @basekey, start = start - @skip + {(x.Cut ? "@at" : "(SELECT size FROM file WHERE id = @base)")} WHERE stor_key = @key AND {ExtentSql.Ready};
        INSERT INTO usage (owner, slot, bytes, files)
        SELECT owner, @slot, {(x.Cut ? "CASE WHEN @to > size THEN @to - size ELSE 0 END" : "@size - @skip")}, 0 FROM file WHERE id = @base AND {ExtentSql.Ready} {TreeSql.Charge}
        UPDATE file SET size = {(x.Cut ? "CASE WHEN @to > size THEN @to ELSE size END" : "size + @size - @skip")}, mod_time = @mod, partial = @partial, ver = ver + 1 WHERE id = @base AND {ExtentSql.Ready};
        DELETE FROM upload WHERE server_id = @server AND stor_key = @key AND ready RETURNING stor_key;
        {TreeSql.State}
        """;

    // Takes bytes [@at, @to) out of the base: what begins before is shortened, what reaches beyond keeps its rest. The extents as they were become garbage of
    // their own, under a key that tells the version: a download that began before finds there what it has not read yet (ExtentSnapshot), and the collector
    // drops it by the same rule as replaced content.
    private const string Cut = $"""
        INSERT INTO extent (stor_key, start, length, object, object_offset, object_length, hash, crc, ref)
        SELECT {ExtentSql.CutKey}, e.start, e.length, e.object, e.object_offset, e.object_length, e.hash, e.crc, e.ref FROM extent e
        WHERE e.stor_key = @basekey AND e.start >= @at AND e.start < @to AND {ExtentSql.Ready};
        INSERT INTO extent (stor_key, start, length, object, object_offset, object_length, hash, crc, ref)
        SELECT {ExtentSql.CutKey}, e.start, e.length, e.object, e.object_offset, e.object_length, e.hash, e.crc, e.ref
        FROM (SELECT * FROM extent WHERE stor_key = @basekey AND start < @at ORDER BY start DESC LIMIT 1) AS e WHERE e.start + e.length > @at AND {ExtentSql.Ready};
        INSERT INTO garbage (stor_key, size, made, due)
        SELECT e.stor_key, CAST(SUM(e.length) AS INT8), @now, @due FROM extent e WHERE e.stor_key = {ExtentSql.CutKey} AND {ExtentSql.Ready} GROUP BY e.stor_key;
        INSERT INTO extent (stor_key, start, length, object, object_offset, object_length, hash, crc, ref)
        SELECT e.stor_key, @to, e.start + e.length - @to, e.object, e.object_offset + @to - e.start, e.object_length, e.hash, e.crc, e.ref FROM extent e
        WHERE e.stor_key = @basekey AND e.start = (SELECT MAX(x.start) FROM extent x WHERE x.stor_key = @basekey AND x.start < @to) AND e.start + e.length > @to AND {ExtentSql.Ready};
        DELETE FROM extent WHERE stor_key = @basekey AND start >= @at AND start < @to AND {ExtentSql.Ready};
        UPDATE extent SET length = @at - start WHERE stor_key = @basekey AND start = (SELECT MAX(x.start) FROM extent x WHERE x.stor_key = @basekey AND x.start < @at) AND start + length > @at AND {ExtentSql.Ready};
        """;

    /// <summary>Finds out why a publication changed nothing.</summary>
    public static readonly SqlUnit Explain = new("Explain", $"""
        SELECT (SELECT COUNT(*) FROM path WHERE id = @dir AND {TreeSql.IsLiving("@dir")}), (SELECT COUNT(*) FROM server WHERE id = @server AND expires > 0), (SELECT COUNT(*) FROM upload u WHERE {Mine}),
          (SELECT COUNT(*) FROM garbage WHERE stor_key = @key),
          (SELECT COUNT(*) FROM extent WHERE object = @probe AND stor_key <> @key) + (SELECT COUNT(*) FROM garbage_object WHERE object = @probe),
          (SELECT COUNT(*) FROM file WHERE path_id = @dir AND name = @name AND id = @base AND stor_key = @basekey),
          (SELECT COUNT(*) FROM file WHERE stor_key = @key AND partial = @partial);
        {TreeSql.State}
        """);

    /// <summary>
    /// Ends an upload without publishing it. Objects that it did not journal are queued for deletion. The garbage row of its key also stops a publication of it
    /// that is still in flight.
    /// </summary>
    public static SqlUnit Drop(int objects) => Drops.GetOrAdd(objects, static n => new SqlUnit("Drop", $"""
        {Queue(n)}
        INSERT INTO garbage (stor_key, size, made, due)
        SELECT @key, @size, @now, @due FROM path WHERE id = 1 AND NOT EXISTS (SELECT 1 FROM file WHERE stor_key = @key) AND {NobodyElseHasIt}
        ON CONFLICT (stor_key) DO NOTHING;
        DELETE FROM upload WHERE server_id = @server AND stor_key = @key;
        """));

    private static readonly ConcurrentDictionary<int, SqlUnit> Drops = new();

    public static SqlUnit Discard(int objects) => Discards.GetOrAdd(objects, static n => new SqlUnit("Discard", Queue(n)));

    private static string Queue(int objects)
    {
        if (objects == 0)
            return "";
        string values = string.Join(", ", Enumerable.Range(0, objects).Select(static i => $"(@o{i}, @w{i}, @h{i}, @c{i}, @r{i})"));
        return $"""
            WITH v (object, length, hash, crc, ref) AS (VALUES {values})
            INSERT INTO garbage_object (object, length, hash, crc, ref, made, due)
            SELECT v.object, v.length, v.hash, v.crc, v.ref, @now, @due FROM v WHERE NOT EXISTS (SELECT 1 FROM extent e WHERE e.object = v.object) ON CONFLICT (object) DO NOTHING;
            """;
    }

    public static readonly SqlUnit Usage = new("Usage", "SELECT CAST(COALESCE(SUM(bytes), 0) AS INT8), CAST(COALESCE(SUM(files), 0) AS INT8) FROM usage WHERE owner = @owner;");
}
