using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace ZeroFtp.Storage.Metadata.Sql;

/// <summary>Directories and entries. Every text is the same for CockroachDB, PostgreSQL and SQLite.</summary>
internal static class TreeSql
{
    /// <summary>The columns of <c>file</c> in the order in which <see cref="Rows.File"/> reads them.</summary>
    public const string Columns = "id, path_id, name, is_dir, filemode, mod_time, birth_time, size, stor_key, partial, link, owner, ver";

    /// <summary>What every unit about one name reads at its end.</summary>
    public const string State = $"""
        SELECT ver FROM path WHERE id = @dir;
        SELECT {Columns} FROM file WHERE path_id = @dir AND name = @name;
        """;

    /// <summary>The end of every insertion into <c>usage</c>: adds to the slot.</summary>
    public const string Charge = "ON CONFLICT (owner, slot) DO UPDATE SET bytes = usage.bytes + excluded.bytes, files = usage.files + excluded.files;";

    private static readonly ConcurrentDictionary<int, SqlUnit> Resolves = new();

    /// <summary>
    /// True if a directory is not below the trash of removed trees: what is stored there would be acknowledged and then swept away with the rest. Examines the
    /// ancestors only while there are removed trees.
    /// </summary>
    public static string IsLiving(string directory) => $"""
        (NOT EXISTS (SELECT 1 FROM file WHERE path_id = 2)
          OR 2 NOT IN (WITH RECURSIVE above (id) AS (SELECT CAST({directory} AS INT8) UNION {ParentOf("above")}) SELECT above.id FROM above))
        """;

    /// <summary>
    /// The recursive half of a walk to the root: the parents of all directories found so far, and 0 above the root. A subquery, because a planner may read the
    /// whole table of entries for a join, and at SERIALIZABLE such a unit conflicts with every change of any entry. A subquery is one index lookup per
    /// directory, whatever the statistics say.
    /// </summary>
    private static string ParentOf(string walk) => $"SELECT COALESCE((SELECT f.path_id FROM file f WHERE f.id = {walk}.id), 0) FROM {walk}";

    public static readonly SqlUnit Directory = new("Directory", """
        SELECT file.id, file.path_id, file.name, is_dir, filemode, mod_time, birth_time, size, stor_key, partial, link, owner, file.ver, path.ver
        FROM path JOIN file ON file.id = path.id WHERE path.id = @id;
        SELECT id, ver FROM path WHERE id = @id AND name IS NOT NULL;
        """);

    public static readonly SqlUnit Version = new("Version", "SELECT ver FROM path WHERE id = @dir;");

    public static readonly SqlUnit Versions = new("Versions", "SELECT id, ver FROM path WHERE id IN (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7);");

    public static readonly SqlUnit ListPage = new("ListPage", """
        SELECT ver FROM path WHERE id = @dir;
        SELECT id, path_id, name, is_dir, filemode, mod_time, birth_time, size, partial, link, owner, ver FROM file WHERE path_id = @dir AND name > @after ORDER BY name LIMIT @count;
        """);

    // The first statement of each unit that changes entries decides; the others test whether it did.
    private const string Won = MarkSql.Won;

    private static readonly string IsFree = $"NOT EXISTS (SELECT 1 FROM file WHERE path_id = @dir AND name = @name) AND {IsLiving("@dir")}";

    public static readonly SqlUnit CreateDirectory = new("CreateDirectory", $"""
        UPDATE path SET ver = ver + 1, run = @run WHERE id = @dir AND {IsFree};
        {MarkSql.Leave}
        INSERT INTO file (id, path_id, name, is_dir, filemode, mod_time, birth_time, owner) SELECT @id, id, @name, TRUE, @mode, @now, @now, @owner FROM path WHERE id = @dir AND run = @run;
        INSERT INTO path (id, ver) SELECT @id, 0 FROM path WHERE id = @dir AND run = @run;
        {State}
        """) { IsMarked = true };

    private static readonly SqlUnit LinkFreely = MakeCreateLink("");

    private static readonly SqlUnit LinkWithinQuota = MakeCreateLink(
        " AND (SELECT CAST(COALESCE(SUM(files), 0) AS INT8) FROM usage WHERE owner = @owner) + 1 <= @quotafiles");

    /// <summary>Creates a link if the owner's quota allows one more file.</summary>
    public static SqlUnit CreateLink(bool quota) => quota ? LinkWithinQuota : LinkFreely;

    private static SqlUnit MakeCreateLink(string quota) => new("CreateLink", $"""
        UPDATE path SET ver = ver + 1, run = @run WHERE id = @dir AND {IsFree}{quota};
        {MarkSql.Leave}
        INSERT INTO usage (owner, slot, bytes, files) SELECT @owner, @slot, 0, 1 FROM path WHERE id = @dir AND run = @run {Charge}
        INSERT INTO file (id, path_id, name, is_dir, filemode, mod_time, birth_time, link, owner)
        SELECT @id, id, @name, FALSE, @mode, @now, @now, @link, @owner FROM path WHERE id = @dir AND run = @run;
        {State}
        """) { IsMarked = true };

    private static readonly SqlUnit DeleteAny = MakeDeleteFile("");

    private static readonly SqlUnit DeleteExactly = MakeDeleteFile(" AND id = @id AND ver = @ver");

    /// <summary>Removes a file or link; if <paramref name="exactly"/>, only at the known id and version.</summary>
    public static SqlUnit DeleteFile(bool exactly) => exactly ? DeleteExactly : DeleteAny;

    private static SqlUnit MakeDeleteFile(string also) => new("DeleteFile", $"""
        UPDATE path SET ver = ver + 1, run = @run WHERE id = @dir AND EXISTS (SELECT 1 FROM file WHERE path_id = @dir AND name = @name AND NOT is_dir{also});
        {MarkSql.Leave}
        {State}
        INSERT INTO garbage (stor_key, size, made, due) SELECT stor_key, size, @now, @due FROM file WHERE path_id = @dir AND name = @name AND stor_key IS NOT NULL AND {Won};
        INSERT INTO usage (owner, slot, bytes, files) SELECT owner, @slot, -size, -1 FROM file WHERE path_id = @dir AND name = @name AND {Won} {Charge}
        DELETE FROM file WHERE path_id = @dir AND name = @name AND {Won};
        """) { IsMarked = true };

    public static readonly SqlUnit ChangeFacts = new("ChangeFacts", $"""
        UPDATE path SET ver = ver + 1, run = @run WHERE id = @dir AND EXISTS (SELECT 1 FROM file WHERE path_id = @dir AND name = @name);
        {MarkSql.Leave}
        UPDATE file SET mod_time = COALESCE(@mod, mod_time), birth_time = COALESCE(@birth, birth_time), filemode = COALESCE(@mode, filemode), ver = ver + 1 WHERE path_id = @dir AND name = @name AND {Won};
        {State}
        """) { IsMarked = true };

    private const string Empty = """
        is_dir AND NOT EXISTS (SELECT 1 FROM file c WHERE c.path_id = @id) AND NOT EXISTS (SELECT 1 FROM account WHERE account.path_id = @id) AND NOT EXISTS (SELECT 1 FROM dir_rule WHERE dir_rule.path_id = @id)
        """;

    public static readonly SqlUnit RemoveDirectory = new("RemoveDirectory", $"""
        UPDATE path SET ver = ver + 1, run = @run WHERE id = @dir AND EXISTS (SELECT 1 FROM file WHERE path_id = @dir AND name = @name AND id = @id AND {Empty});
        {MarkSql.Leave}
        DELETE FROM file WHERE path_id = @dir AND name = @name AND {Won};
        DELETE FROM path WHERE id = @id AND name IS NULL AND {Won};
        {State}
        SELECT (SELECT COUNT(*) FROM account WHERE path_id = @id) + (SELECT COUNT(*) FROM dir_rule WHERE path_id = @id);
        """) { IsMarked = true };

    // Every directory that is a home or has a rule, and every ancestor of one. None of them may vanish, and the rule with it.
    private static readonly string Homes = $"""
        WITH RECURSIVE up (id) AS (SELECT path_id FROM (SELECT path_id FROM account UNION SELECT path_id FROM dir_rule) AS held UNION {ParentOf("up")})
        """;

    public static readonly SqlUnit RemoveTree = new("RemoveTree", $"""
        {Homes}
        UPDATE path SET ver = ver + 1, run = @run
        WHERE id IN (@dir, @trash) AND @id NOT IN (SELECT up.id FROM up) AND EXISTS (SELECT 1 FROM file WHERE path_id = @dir AND name = @name AND id = @id AND is_dir);
        {MarkSql.Leave}
        UPDATE file SET path_id = @trash, name = CAST(id AS TEXT), ver = ver + 1 WHERE path_id = @dir AND name = @name AND {Won};
        {State}
        {Homes}
        SELECT COUNT(*) FROM up WHERE up.id = @id;
        """) { IsMarked = true };

    private static readonly string IsTarget = $"EXISTS (SELECT 1 FROM path d WHERE d.id = @todir) AND {IsLiving("@todir")}";

    /// <summary>The source is the known entry at the known version, so that of several concurrent moves one finds it.</summary>
    private const string Source = "SELECT 1 FROM file s WHERE s.path_id = @dir AND s.name = @name AND s.id = @id AND s.ver = @ver";

    private static readonly string MoveState = $"""
        SELECT id, ver FROM path WHERE (id = @dir AND id <> @todir) OR (id = @todir AND {IsLiving("@todir")});
        SELECT {Columns} FROM file WHERE path_id = @todir AND name = @toname;
        SELECT {Columns} FROM file WHERE path_id = @dir AND name = @name;
        """;

    public static readonly SqlUnit RenameFile = new("RenameFile", $"""
        UPDATE path SET ver = ver + 1, run = @run WHERE id IN (@dir, @todir) AND EXISTS ({Source} AND NOT s.is_dir) AND {IsTarget}
          AND NOT EXISTS (SELECT 1 FROM file t WHERE t.path_id = @todir AND t.name = @toname AND (t.is_dir OR t.id = @id));
        {MarkSql.Leave}
        INSERT INTO garbage (stor_key, size, made, due) SELECT stor_key, size, @now, @due FROM file WHERE path_id = @todir AND name = @toname AND stor_key IS NOT NULL AND {Won};
        INSERT INTO usage (owner, slot, bytes, files) SELECT owner, @slot, -size, -1 FROM file WHERE path_id = @todir AND name = @toname AND {Won} {Charge}
        DELETE FROM file WHERE path_id = @todir AND name = @toname AND {Won};
        UPDATE file SET path_id = @todir, name = @toname, ver = ver + 1 WHERE path_id = @dir AND name = @name AND {Won};
        {MoveState}
        SELECT CAST(0 AS INT8);
        """) { IsMarked = true };

    // A rule moves with its directory. It is meant for the old name, where a directory created next would not be under it.
    private static readonly string Above = $"""
        WITH RECURSIVE up (id) AS (SELECT CAST(@todir AS INT8) UNION {ParentOf("up")}), ruled (id) AS (SELECT path_id FROM dir_rule UNION {ParentOf("ruled")})
        """;

    public static readonly SqlUnit MoveDirectory = new("MoveDirectory", $"""
        {Above}
        UPDATE path SET ver = ver + 1, run = @run
        WHERE id IN (@dir, @todir) AND @id NOT IN (SELECT up.id FROM up) AND 2 NOT IN (SELECT up.id FROM up) AND @id NOT IN (SELECT ruled.id FROM ruled) AND EXISTS (SELECT 1 FROM path d WHERE d.id = @todir)
          AND EXISTS ({Source} AND s.is_dir) AND NOT EXISTS (SELECT 1 FROM file t WHERE t.path_id = @todir AND t.name = @toname);
        {MarkSql.Leave}
        UPDATE file SET path_id = @todir, name = @toname, ver = ver + 1 WHERE path_id = @dir AND name = @name AND {Won};
        {MoveState}
        {Above}
        SELECT COUNT(*) FROM ruled WHERE ruled.id = @id;
        """) { IsMarked = true };

    /// <summary>Resolves at most that many names.</summary>
    public static SqlUnit Resolve(int names) => Resolves.GetOrAdd(names, static n =>
    {
        StringBuilder parts = new();
        for (int i = 1; i <= n; i++)
            parts.Append(CultureInfo.InvariantCulture, $"{(i == 1 ? "" : ", ")}(CAST({i} AS INT8), CAST(@n{i} AS TEXT))");
        return new SqlUnit("Resolve", $"""
            WITH RECURSIVE part (i, name) AS (VALUES {parts}), walk (i, id) AS (
              SELECT CAST(0 AS INT8), CAST(@root AS INT8)
              UNION ALL
              SELECT part.i, file.id FROM walk JOIN part ON part.i = walk.i + 1 JOIN file ON file.path_id = walk.id AND file.name = part.name
            )
            SELECT file.id, file.path_id, file.name, is_dir, filemode, mod_time, birth_time, size, stor_key, partial, link, owner, file.ver, path.ver
            FROM walk JOIN file ON file.id = walk.id LEFT JOIN path ON path.id = walk.id WHERE walk.i > 0 ORDER BY walk.i;
            """);
    });

    public static readonly SqlUnit Lookup = new("Lookup", """
        SELECT file.id, file.path_id, file.name, is_dir, filemode, mod_time, birth_time, size, stor_key, partial, link, owner, file.ver, path.ver
        FROM file LEFT JOIN path ON path.id = file.id WHERE file.path_id = @dir AND file.name = @name;
        """);
}
