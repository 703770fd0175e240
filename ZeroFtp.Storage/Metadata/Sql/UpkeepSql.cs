namespace ZeroFtp.Storage.Metadata.Sql;

/// <summary>Lifetimes of front-ends, garbage, and what the checks read.</summary>
internal static class UpkeepSql
{
    /// <summary>Maximum number of contents per collecting step.</summary>
    public const int Contents = 16;

    /// <summary>Maximum number of objects reported as deleted in one statement.</summary>
    public const int Objects = 32;

    // Nothing that became garbage after the oldest running download started may be deleted. @now is the start of a unit, whose effect others may see only a
    // while later. A download that starts in between reads content that looks like older garbage by its time. The grace covers that interval, so it must be
    // longer than a unit may take. A front-end whose lease has expired counts as alive until another one declares it dead.
    private const string Floor = "COALESCE((SELECT MIN(oldest) FROM server WHERE expires > 0), @now + 1)";

    private const string Keys = "(@k0, @k1, @k2, @k3, @k4, @k5, @k6, @k7, @k8, @k9, @k10, @k11, @k12, @k13, @k14, @k15)";

    public static readonly SqlUnit NewServer = new("NewServer", "INSERT INTO server (id, name, started, oldest, expires) VALUES (@id, @name, @now, @now, @now + @life) ON CONFLICT (id) DO NOTHING; SELECT @now;");

    // "started" is since when the front-end has renewed its lease without a gap. It starts again if the front-end was away for half of its lifetime, or if the
    // database's clock was set.
    public static readonly SqlUnit Beat = new("Beat", """
        UPDATE server SET started = CASE WHEN expires - @gap < @now OR started > @now THEN @now ELSE started END, expires = @now + @life, oldest = CASE WHEN @oldest < @now THEN @oldest ELSE @now END
        WHERE id = @id AND expires > 0 RETURNING @now;
        """);

    public static readonly SqlUnit Leave = new("Leave", "UPDATE server SET expires = 0 WHERE id = @id;");

    public static readonly SqlUnit ExpireOthers = new("ExpireOthers", "UPDATE server SET expires = 0 WHERE id <> @id;");

    // Times with the same number of digits sort as text. The key identifies this caller's turn, also when the answer was lost. A turn in the future was taken
    // before a clock was set back.
    public static readonly SqlUnit TakeTurn = new("TakeTurn", """
        UPDATE meta SET value = '0000' || CAST(@now AS TEXT) || ' ' || @mine
        WHERE key = @key AND (value < '0000' || CAST(@now - @interval AS TEXT) OR value > '0000' || CAST(@now + @interval AS TEXT));
        INSERT INTO meta (key, value) VALUES (@key, '0000' || CAST(@now AS TEXT)) ON CONFLICT (key) DO NOTHING;
        SELECT COUNT(*) FROM meta WHERE key = @key AND value LIKE '% ' || @mine;
        """);

    public static readonly SqlUnit ReturnTurn = new("ReturnTurn", "UPDATE meta SET value = '' WHERE key = @key;");

    // No front-end declares itself dead: after a pause of the whole machine, a single front-end would lose its running uploads. And none declares others dead
    // unless it has renewed its lease for a whole lifetime without a gap: after an outage of the database, all look dead to the first that is back, and a check
    // that has just started knows nothing about anybody.
    public static readonly SqlUnit DeadServers = new("DeadServers", """
        UPDATE server SET expires = 0 WHERE expires < @now AND expires <> 0 AND id <> @self
          AND EXISTS (SELECT 1 FROM server s WHERE s.id = @self AND s.expires - @gap >= @now AND s.started + @life <= @now);
        SELECT id FROM server WHERE expires = 0 ORDER BY id LIMIT 4;
        """);

    public static readonly SqlUnit DeadUploads = new("DeadUploads", """
        SELECT stor_key, path_id, name, owner, kind, filemode, base_id, base_key, base_ver, base_size, start, repeats, keep, length, started, (SELECT f.owner FROM file f WHERE f.id = upload.base_id)
        FROM upload WHERE server_id = @server ORDER BY stor_key LIMIT 32;
        """);

    public static readonly SqlUnit SweepReserved = new("SweepReserved", """
        INSERT INTO garbage_object (object, length, hash, crc, ref, made, due)
        WITH RECURSIVE n (i, last) AS (
          SELECT first, first + count - 1 FROM reserve WHERE server_id = @server AND first = (SELECT MIN(first) FROM reserve WHERE server_id = @server)
          UNION ALL SELECT i + 1, last FROM n WHERE i < last
        )
        SELECT n.i, 0, @zero, 0, NULL, @now, @due FROM n WHERE NOT EXISTS (SELECT 1 FROM extent e WHERE e.object = n.i) ON CONFLICT (object) DO NOTHING;
        DELETE FROM reserve WHERE server_id = @server AND first = (SELECT MIN(first) FROM reserve WHERE server_id = @server);
        DELETE FROM server WHERE id = @server AND expires = 0 AND NOT EXISTS (SELECT 1 FROM upload u WHERE u.server_id = @server) AND NOT EXISTS (SELECT 1 FROM reserve r WHERE r.server_id = @server);
        SELECT COUNT(*) FROM server WHERE id = @server;
        """);

    public static readonly SqlUnit Reserve = new("Reserve", """
        DELETE FROM reserve WHERE server_id = @server AND first IN (@r0, @r1, @r2, @r3);
        INSERT INTO reserve (server_id, first, count) SELECT id, @first, @count FROM server WHERE id = @server AND expires > 0 ON CONFLICT (server_id, first) DO NOTHING;
        SELECT COUNT(*) FROM reserve WHERE server_id = @server AND first = @first;
        """);

    public static readonly SqlUnit Trash = new("Trash", """
        SELECT id, path_id, name FROM file WHERE path_id = 2 ORDER BY name LIMIT 1;
        """);

    public static readonly SqlUnit TrashPage = new("TrashPage", """
        SELECT name FROM file WHERE path_id = @dir ORDER BY name LIMIT 256;
        """);

    public static readonly SqlUnit ReapEntries = new("ReapEntries", $"""
        UPDATE path SET ver = ver + 1 WHERE id = @dir;
        INSERT INTO garbage (stor_key, size, made, due)
        SELECT stor_key, size, @now, @due FROM file WHERE path_id = @dir AND name >= @from AND name <= @to AND NOT is_dir AND stor_key IS NOT NULL;
        INSERT INTO usage (owner, slot, bytes, files)
        SELECT owner, @slot, CAST(-SUM(size) AS INT8), -COUNT(*) FROM file WHERE path_id = @dir AND name >= @from AND name <= @to AND NOT is_dir GROUP BY owner {TreeSql.Charge}
        DELETE FROM file WHERE path_id = @dir AND name >= @from AND name <= @to AND NOT is_dir;
        UPDATE file SET path_id = 2, name = CAST(id AS TEXT), ver = ver + 1 WHERE path_id = @dir AND name >= @from AND name <= @to AND is_dir AND path_id <> 2;
        """);

    public static readonly SqlUnit ReapDirectory = new("ReapDirectory", """
        DELETE FROM file WHERE path_id = 2 AND id = @dir AND NOT EXISTS (SELECT 1 FROM file c WHERE c.path_id = @dir);
        DELETE FROM dir_rule WHERE path_id = @dir AND NOT EXISTS (SELECT 1 FROM file WHERE id = @dir);
        DELETE FROM path WHERE id = @dir AND name IS NULL AND NOT EXISTS (SELECT 1 FROM file WHERE id = @dir);
        """);

    public static readonly SqlUnit TakeContents = new("TakeContents", $"""
        UPDATE garbage SET due = @now + @lease
        WHERE stor_key IN (SELECT stor_key FROM garbage WHERE due <= @now AND made + @grace < {Floor} ORDER BY due LIMIT {Contents}) AND due <= @now RETURNING stor_key, due;
        """);

    /// <summary>Returns where a step of that many extents ends; no row if there are fewer.</summary>
    public static readonly SqlUnit StepEnd = new("StepEnd", $"""
        SELECT COUNT(*) FROM (SELECT 1 FROM extent WHERE stor_key IN {Keys} LIMIT @count) AS taken;
        SELECT stor_key, start FROM (SELECT stor_key, start FROM extent WHERE stor_key IN {Keys} ORDER BY stor_key, start LIMIT @count) AS page ORDER BY stor_key DESC, start DESC LIMIT 1;
        """);

    private const string Leased = $"(SELECT COUNT(*) FROM garbage g WHERE g.stor_key IN {Keys} AND g.due = @until) = @n";

    public static readonly SqlUnit DropExtents = new("DropExtents", $"""
        INSERT INTO garbage_object (object, length, hash, crc, ref, made, due)
        SELECT e.object, e.object_length, e.hash, e.crc, e.ref, 0, @now FROM extent e WHERE e.stor_key IN {Keys} AND (e.stor_key, e.start) <= (@tokey, @to) AND {Leased}
          AND (SELECT COUNT(*) FROM extent o WHERE o.object = e.object AND NOT (o.stor_key IN {Keys} AND (o.stor_key, o.start) <= (@tokey, @to))) = 0
        ON CONFLICT (object) DO NOTHING;
        DELETE FROM extent WHERE stor_key IN {Keys} AND (stor_key, start) <= (@tokey, @to) AND {Leased};
        DELETE FROM garbage WHERE stor_key IN {Keys} AND due = @until AND NOT EXISTS (SELECT 1 FROM extent e WHERE e.stor_key = garbage.stor_key);
        UPDATE garbage SET due = @now WHERE stor_key IN {Keys} AND due = @until;
        """);

    public static readonly SqlUnit TakeObjects = new("TakeObjects", $"""
        UPDATE garbage_object SET due = @now + @lease
        WHERE object IN (SELECT object FROM garbage_object WHERE due <= @now AND made + @grace < {Floor} ORDER BY due LIMIT @count) AND due <= @now
        RETURNING object, length, hash, crc, ref;
        """);

    private static readonly string ObjectList = "(" + string.Join(", ", Enumerable.Range(0, Objects).Select(static i => $"@o{i}")) + ")";

    public static readonly SqlUnit ObjectsDeleted = new("ObjectsDeleted", $"DELETE FROM garbage_object WHERE object IN {ObjectList};");

    public static readonly SqlUnit ObjectShrunk = new("ObjectShrunk", "UPDATE garbage_object SET ref = @ref WHERE object = @object;");

    public static readonly SqlUnit KnownObjects = new("KnownObjects", $"""
        SELECT object FROM extent WHERE object IN {ObjectList} UNION SELECT object FROM garbage_object WHERE object IN {ObjectList};
        SELECT r.first, r.count FROM reserve r;
        """);

    // A consistent tree has no cycles; a broken one must not be walked for ever.
    public static readonly SqlUnit PathsOfObject = new("PathsOfObject", """
        WITH RECURSIVE up (dir, path, n) AS (
          SELECT f.path_id, '/' || f.name, 1 FROM file f WHERE f.stor_key IN (SELECT e.stor_key FROM extent e WHERE e.object = @object)
          UNION ALL SELECT d.path_id, '/' || d.name || up.path, up.n + 1 FROM up JOIN file d ON d.id = up.dir WHERE up.n < 1000
        )
        SELECT path FROM up WHERE dir = 1 ORDER BY path LIMIT @count;
        """);

    public static readonly SqlUnit ReplaceReference = new("ReplaceReference", """
        INSERT INTO garbage_object (object, length, hash, crc, ref, made, due)
        SELECT @new, object_length, hash, crc, @dropped, @now, @due FROM extent WHERE object = @id AND COALESCE(ref, '') = COALESCE(@old, '') AND ref <> @ref AND @dropped <> '' ORDER BY stor_key, start LIMIT 1 ON CONFLICT (object) DO NOTHING;
        UPDATE extent SET ref = @ref WHERE object = @id AND COALESCE(ref, '') = COALESCE(@old, '');
        SELECT COUNT(*) FROM extent WHERE object = @id AND ref = @ref;
        """);
}
