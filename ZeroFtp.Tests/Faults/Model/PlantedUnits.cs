using System.Data.Common;
using ZeroFtp.Storage.Metadata;
using ZeroFtp.Storage.Metadata.Sql;

namespace ZeroFtp.Tests.Faults.Model;

/// <summary>Units of the metadata as they were before they were mended, kept to see that the search finds what was wrong with them.</summary>
internal static class PlantedUnits
{
    private const string Source = "EXISTS (SELECT 1 FROM file s WHERE s.path_id = @dir AND s.name = @name AND s.id = @id AND NOT s.is_dir)";

    // No version: a file that was renamed and renamed back is renamed again by a unit that is run again.
    private static readonly SqlUnit OldRename = new("RenameFile", $"""
        UPDATE path SET ver = ver + 1 WHERE id IN (@dir, @todir) AND {Source} AND NOT EXISTS (SELECT 1 FROM file t WHERE t.path_id = @todir AND t.name = @toname AND (t.is_dir OR t.id = @id));
        INSERT INTO garbage (stor_key, size, made, due)
        SELECT stor_key, size, @now, @now FROM file WHERE path_id = @todir AND name = @toname AND NOT is_dir AND stor_key IS NOT NULL AND id <> @id AND {Source};
        INSERT INTO usage (owner, slot, bytes, files)
        SELECT owner, 0, -size, -1 FROM file WHERE path_id = @todir AND name = @toname AND NOT is_dir AND id <> @id AND {Source} {TreeSql.Charge}
        DELETE FROM file WHERE path_id = @todir AND name = @toname AND NOT is_dir AND id <> @id AND {Source};
        UPDATE file SET path_id = @todir, name = @toname, ver = ver + 1
        WHERE path_id = @dir AND name = @name AND id = @id AND NOT is_dir AND NOT EXISTS (SELECT 1 FROM file t WHERE t.path_id = @todir AND t.name = @toname);
        SELECT {TreeSql.Columns} FROM file WHERE path_id = @todir AND name = @toname;
        """);

    // All of the old reference becomes garbage, also what the new one still names.
    private static readonly SqlUnit OldReplacement = new("ReplaceReference", """
        INSERT INTO garbage_object (object, length, hash, crc, ref, made, due)
        SELECT @new, object_length, hash, crc, ref, @now, @now FROM extent WHERE object = @id AND COALESCE(ref, '') = COALESCE(@old, '') AND ref <> @ref ORDER BY stor_key, start LIMIT 1 ON CONFLICT (object) DO NOTHING;
        UPDATE extent SET ref = @ref WHERE object = @id AND COALESCE(ref, '') = COALESCE(@old, '');
        SELECT COUNT(*) FROM extent WHERE object = @id AND ref = @ref;
        """);

    public static void RenameWithoutVersion(PlantedStore planted, ModelRunner runner, TimeProvider clock) =>
        planted.Plant(nameof(IMetadataTree.RenameAsync), (_, x) => RenameAsync(runner, clock, (FileRow)x[0]!, (long)x[1]!, (string)x[2]!));

    public static void RepairThatGivesAllAway(PlantedStore planted, ModelRunner runner, TimeProvider clock) =>
        planted.Plant(nameof(IMetadataUpkeep.ReplaceReferenceAsync), (_, x) => ReplaceAsync(runner, clock, (ObjectRow)x[0]!, (string?)x[1]));

    // "The target has the id" proves that somebody moved it there, not that this unit did.
    private static async ValueTask<TreeResult> RenameAsync(ModelRunner runner, TimeProvider clock, FileRow source, long directory, string name)
    {
        SqlArgs args = new SqlArgs().Add("dir", source.Directory).Add("name", source.Name).Add("id", source.Id).Add("todir", directory).Add("toname", name).Add("now", MetadataTime.Now(clock));
        FileRow? target = (await runner.WriteAsync(OldRename, args, static (reader, token) => ReadAsync(reader, token), 0, CancellationToken.None)).Value;
        return target?.Id == source.Id ? new TreeResult(Outcome.Done, target) : new TreeResult(Outcome.NotFound);

        static async ValueTask<FileRow?> ReadAsync(DbDataReader reader, CancellationToken token) => await reader.ReadAsync(token) ? Rows.File(reader) : null;
    }

    private static async ValueTask<bool> ReplaceAsync(ModelRunner runner, TimeProvider clock, ObjectRow repaired, string? old)
    {
        SqlArgs args = new SqlArgs().Add("id", repaired.Id).Add("ref", repaired.Reference).Add("old", old).Add("new", runner.NewIds(1)).Add("now", MetadataTime.Now(clock));
        return (await runner.WriteAsync(OldReplacement, args, Rows.NumberAsync, 0, CancellationToken.None)).Value > 0;
    }
}
