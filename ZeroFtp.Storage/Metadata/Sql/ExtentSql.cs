using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace ZeroFtp.Storage.Metadata.Sql;

/// <summary>Statements that read and insert extents.</summary>
internal static class ExtentSql
{
    /// <summary>The columns in the order in which <see cref="Rows.Extent"/> reads them.</summary>
    public const string Columns = "start, length, object_offset, object, object_length, hash, crc, ref";

    /// <summary>Maximum number of extents per insertion.</summary>
    public const int Batch = 64;

    public const string Ready = "EXISTS (SELECT 1 FROM upload u WHERE u.server_id = @server AND u.stor_key = @key AND u.ready)";

    private const string OfFile = "e.start, e.length, e.object_offset, e.object, e.object_length, e.hash, e.crc, e.ref";

    private static readonly ConcurrentDictionary<(int, string), string> InsertTexts = new();

    public static readonly SqlUnit Content = new("Content", $"""
        SELECT {TreeSql.Columns} FROM file WHERE path_id = @dir AND name = @name;
        SELECT {OfFile} FROM file f JOIN extent e ON e.stor_key = f.stor_key WHERE f.path_id = @dir AND f.name = @name AND e.start <= @from ORDER BY e.start DESC LIMIT 1;
        SELECT {OfFile} FROM file f JOIN extent e ON e.stor_key = f.stor_key WHERE f.path_id = @dir AND f.name = @name AND e.start > @from ORDER BY e.start LIMIT @count;
        """);

    public static readonly SqlUnit More = new("MoreExtents", $"""
        SELECT COUNT(*) FROM file WHERE id = @id AND stor_key = @src AND size = @size AND ver = @ver;
        SELECT {Columns} FROM extent WHERE stor_key = @src AND start <= @from ORDER BY start DESC LIMIT 1;
        SELECT {Columns} FROM extent WHERE stor_key = @src AND start > @from ORDER BY start LIMIT @count;
        """);

    /// <summary>
    /// The key under which a cut keeps what it takes out of the file <c>@base</c>: the content's own key and the version that the file had, in 19 digits, so
    /// that cuts are ordered by their age.
    /// </summary>
    public const string CutKey = "(SELECT c.stor_key || '.' || substr('0000000000000000000' || CAST(c.ver AS TEXT), length(CAST(c.ver AS TEXT)) + 1) FROM file c WHERE c.id = @base)";

    /// <summary>The first key of a cut of the content at that version or a later one, and the end of such keys.</summary>
    public static (string From, string To) CutKeys(string key, long version) => (string.Create(CultureInfo.InvariantCulture, $"{key}.{version:d19}"), key + "/");

    // What was cut since is there as long as the front-end lives that the reader is registered with; an unchanged file needs nobody's protection.
    public static readonly SqlUnit Snapshot = new("SnapshotExtents", $"""
        SELECT COUNT(*) FROM server WHERE id = @server AND expires > 0 UNION ALL SELECT COUNT(*) FROM file WHERE id = @id AND stor_key = @src AND ver = @ver;
        SELECT {Columns} FROM extent WHERE stor_key >= @cutfrom AND stor_key < @cutto AND start + length > @from ORDER BY stor_key, start;
        SELECT {Columns} FROM extent WHERE stor_key = @src AND start >= @from ORDER BY start LIMIT @count;
        """);

    public static readonly SqlUnit Count = new("CountExtents", "SELECT COUNT(*) FROM (SELECT 1 FROM extent WHERE stor_key = @src LIMIT @count) AS counted;");

    public static readonly SqlUnit Scan = new("ScanExtents", $"SELECT {Columns}, stor_key FROM extent WHERE (stor_key, start) > (@after, @from) ORDER BY stor_key, start LIMIT @count;");

    /// <summary>Inserts <paramref name="count"/> extents under the upload's key if the condition holds; empty for 0.</summary>
    public static string Insert(int count, string condition) => count == 0 ? "" : InsertTexts.GetOrAdd((count, condition), static x =>
    {
        StringBuilder text = new("WITH v (start, length, object, object_offset, object_length, hash, crc, ref) AS (VALUES ");
        for (int i = 0; i < x.Item1; i++)
            text.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? "" : ", ")}(@s{i}, @l{i}, @o{i}, @f{i}, @w{i}, @h{i}, @c{i}, @r{i})");
        text.Append(CultureInfo.InvariantCulture, $"""
            )
            INSERT INTO extent (stor_key, start, length, object, object_offset, object_length, hash, crc, ref)
            SELECT @key, v.start, v.length, v.object, v.object_offset, v.object_length, v.hash, v.crc, v.ref FROM v WHERE {x.Item2} ON CONFLICT (stor_key, start) DO NOTHING;

            """);
        return text.ToString();
    });

    /// <summary>Adds the arguments of <see cref="Insert"/>.</summary>
    public static SqlArgs AddExtents(this SqlArgs args, IReadOnlyList<Extent> extents, int from, int count)
    {
        for (int i = 0; i < count; i++)
        {
            Extent e = extents[from + i];
            args.Add(Name('s', i), e.Start).Add(Name('l', i), e.Length).Add(Name('f', i), e.ObjectOffset).AddObject(e.Object, i);
        }
        return args;
    }

    /// <summary>Adds the arguments that describe an object.</summary>
    public static SqlArgs AddObject(this SqlArgs args, ObjectRow o, int i) =>
        args.Add(Name('o', i), o.Id).Add(Name('w', i), o.Length).Add(Name('h', i), Rows.Hash(o.Hash)).Add(Name('c', i), o.Crc).Add(Name('r', i), o.Reference);

    private static readonly ConcurrentDictionary<(char, int), string> Names = new();

    private static string Name(char letter, int i) => Names.GetOrAdd((letter, i), static x => string.Create(CultureInfo.InvariantCulture, $"{x.Item1}{x.Item2}"));
}
