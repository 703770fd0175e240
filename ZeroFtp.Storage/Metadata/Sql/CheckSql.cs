namespace ZeroFtp.Storage.Metadata.Sql;

/// <summary>The store's invariants: each row is a name and the number of violations.</summary>
internal static class CheckSql
{
    public const string WrongUsage = "wrong usage";

    // Each owner's actual usage minus the recorded usage: all zeros if it is recorded correctly.
    private const string UsageDifference = "(SELECT owner, size AS b, 1 AS n FROM file WHERE NOT is_dir UNION ALL SELECT owner, -bytes, -files FROM usage) AS x GROUP BY owner HAVING SUM(b) <> 0 OR SUM(n) <> 0";

    public static readonly SqlUnit RepairUsage = new("RepairUsage", $"""
        INSERT INTO usage (owner, slot, bytes, files) SELECT owner, @slot, CAST(SUM(b) AS INT8), CAST(SUM(n) AS INT8) FROM {UsageDifference} {TreeSql.Charge}
        SELECT COUNT(*) FROM (SELECT owner FROM {UsageDifference}) AS y;
        """) { ReadsAll = true };

    public static readonly SqlUnit All = new("Check", $"""
        SELECT 'directories without entry', COUNT(*) FROM path p WHERE p.name IS NULL AND NOT EXISTS (SELECT 1 FROM file f WHERE f.id = p.id AND f.is_dir)
        UNION ALL SELECT 'entries without directory', COUNT(*) FROM file f WHERE f.is_dir AND NOT EXISTS (SELECT 1 FROM path p WHERE p.id = f.id)
        UNION ALL SELECT 'orphans', COUNT(*) FROM file f WHERE NOT EXISTS (SELECT 1 FROM path p WHERE p.id = f.path_id)
        UNION ALL SELECT 'unreachable entries', (SELECT COUNT(*) FROM file) + (SELECT COUNT(*) FROM path WHERE name IS NOT NULL)
          - (WITH RECURSIVE t (id) AS (SELECT id FROM path WHERE name IS NOT NULL UNION SELECT f.id FROM t JOIN file f ON f.path_id = t.id) SELECT COUNT(*) FROM t)
        UNION ALL SELECT '{WrongUsage}', COUNT(*) FROM (SELECT owner FROM {UsageDifference}) AS y
        UNION ALL SELECT 'files without content key', COUNT(*) FROM file WHERE NOT is_dir AND link IS NULL AND stor_key IS NULL
        UNION ALL SELECT 'keys in file and garbage', COUNT(*) FROM file f JOIN garbage g ON g.stor_key = f.stor_key
        UNION ALL SELECT 'keys in file and upload', COUNT(*) FROM file f JOIN upload u ON u.stor_key = f.stor_key
        UNION ALL SELECT 'keys in upload and garbage', COUNT(*) FROM garbage g JOIN upload u ON u.stor_key = g.stor_key
        UNION ALL SELECT 'gaps or overlaps of extents', COUNT(*) FROM (
          SELECT start - COALESCE(LAG(start + length) OVER (PARTITION BY stor_key ORDER BY start), 0) AS gap FROM extent WHERE EXISTS (SELECT 1 FROM file f WHERE f.stor_key = extent.stor_key)) AS x WHERE gap <> 0
        UNION ALL SELECT 'files whose extents are not their size', COUNT(*) FROM (
          SELECT f.id FROM file f LEFT JOIN extent e ON e.stor_key = f.stor_key WHERE f.stor_key IS NOT NULL GROUP BY f.id, f.size HAVING COALESCE(SUM(e.length), 0) <> f.size) AS x
        UNION ALL SELECT 'uploads whose extents are not their length', COUNT(*) FROM (
          SELECT u.stor_key FROM upload u LEFT JOIN extent e ON e.stor_key = u.stor_key GROUP BY u.stor_key, u.length HAVING COALESCE(SUM(e.length), 0) <> u.length) AS x
        UNION ALL SELECT 'extents of no content', COUNT(*) FROM extent e
          WHERE NOT EXISTS (SELECT 1 FROM file f WHERE f.stor_key = e.stor_key) AND NOT EXISTS (SELECT 1 FROM upload u WHERE u.stor_key = e.stor_key)
            AND NOT EXISTS (SELECT 1 FROM garbage g WHERE g.stor_key = e.stor_key)
        UNION ALL SELECT 'extents beyond their object', COUNT(*) FROM extent WHERE length < 1 OR object_offset < 0 OR object_offset + length > object_length
        UNION ALL SELECT 'dead objects in use', COUNT(*) FROM garbage_object g WHERE EXISTS (SELECT 1 FROM extent e WHERE e.object = g.object)
        UNION ALL SELECT 'uploads of no front-end', COUNT(*) FROM upload u WHERE NOT EXISTS (SELECT 1 FROM server s WHERE s.id = u.server_id)
        UNION ALL SELECT 'uploads left ready', COUNT(*) FROM upload WHERE ready
        UNION ALL SELECT 'homes that are no directory', COUNT(*) FROM account a WHERE NOT EXISTS (SELECT 1 FROM path p WHERE p.id = a.path_id);
        """) { ReadsAll = true, Seconds = 0 };
}
