using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using ZeroFtp.Storage.Metadata.Sql;

namespace ZeroFtp.Storage.Metadata;

internal sealed partial class SqlMetadataStore
{
    private const int PageSize = 1_000;

    private const int LongestWalk = 64;

    public async ValueTask<Resolution> ResolveAsync(long directory, ReadOnlyMemory<string> names, CancellationToken cancellationToken)
    {
        if (names.IsEmpty)
            return new Resolution([]);
        List<FileRow> found = new(names.Length);
        while (found.Count < names.Length)
        {
            ReadOnlyMemory<string> part = names.Slice(found.Count, Math.Min(names.Length - found.Count, LongestWalk));
            int before = found.Count;
            IReadOnlyList<FileRow> rows = await WalkAsync(directory, part, cancellationToken).ConfigureAwait(false);
            found.AddRange(rows);
            if (found.Count - before < part.Length || !found[^1].IsDirectory)
                break;
            directory = found[^1].Id;
        }
        return new Resolution(found);
    }

    private ValueTask<IReadOnlyList<FileRow>> WalkAsync(long directory, ReadOnlyMemory<string> names, CancellationToken cancellationToken)
    {
        ReadOnlySpan<string> span = names.Span;
        if (span.Length == 1)
            return runner.ReadAsync(TreeSql.Lookup, new SqlArgs().Add("dir", directory).Add("name", span[0]), RowsAsync, cancellationToken);
        int padded = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)span.Length);
        SqlArgs args = new SqlArgs().Add("root", directory);
        for (int i = 0; i < padded; i++)
            args.Add(string.Create(CultureInfo.InvariantCulture, $"n{i + 1}"), i < span.Length ? span[i] : "");
        return runner.ReadAsync(TreeSql.Resolve(padded), args, RowsAsync, cancellationToken);

        static async ValueTask<IReadOnlyList<FileRow>> RowsAsync(DbDataReader reader, CancellationToken token)
        {
            List<FileRow> rows = [];
            while (await reader.ReadAsync(token).ConfigureAwait(false))
                rows.Add(Rows.File(reader, withVersion: true));
            return rows;
        }
    }

    public ValueTask<FileRow?> GetDirectoryAsync(long id, CancellationToken cancellationToken)
    {
        return runner.ReadAsync(TreeSql.Directory, new SqlArgs().Add("id", id), ReadAsync, cancellationToken);

        static async ValueTask<FileRow?> ReadAsync(DbDataReader reader, CancellationToken token)
        {
            if (await reader.ReadAsync(token).ConfigureAwait(false))
                return Rows.File(reader, withVersion: true);
            await reader.NextResultAsync(token).ConfigureAwait(false);
            return await reader.ReadAsync(token).ConfigureAwait(false)
                ? new FileRow { Id = reader.GetInt64(0), Directory = 0, Name = "", IsDirectory = true, Mode = 0b111_101_101, DirectoryVersion = reader.GetInt64(1) }
                : null;
        }
    }

    public async IAsyncEnumerable<ReadOnlyMemory<FileRow>> ListAsync(long directory, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string after = "";
        while (true)
        {
            DirectoryPage page = await ReadPageAsync(directory, after, PageSize, cancellationToken).ConfigureAwait(false);
            if (page.Version is null && after.Length == 0)
                throw new MetadataException(MetadataError.NotFound, "There is no such directory.");
            if (page.Rows.Length > 0)
                yield return page.Rows;
            if (page.Rows.Length < PageSize)
                yield break;
            after = page.Rows[^1].Name;
        }
    }

    /// <summary>Reads the entries after a name, and the directory's version at the same moment (null if there is no such directory).</summary>
    public ValueTask<DirectoryPage> ReadPageAsync(long directory, string after, int count, CancellationToken cancellationToken)
    {
        return runner.ReadAsync(TreeSql.ListPage, new SqlArgs().Add("dir", directory).Add("after", after).Add("count", count), ReadAsync, cancellationToken);

        static async ValueTask<DirectoryPage> ReadAsync(DbDataReader reader, CancellationToken token)
        {
            long? version = await Rows.NumberAsync(reader, token).ConfigureAwait(false);
            List<FileRow> rows = [];
            while (await reader.ReadAsync(token).ConfigureAwait(false))
                rows.Add(Rows.Listed(reader));
            return new DirectoryPage(version, [.. rows]);
        }
    }

    /// <summary>Reads the current versions of up to eight directories in one round trip. Leaves out those that do not exist.</summary>
    public ValueTask<IReadOnlyDictionary<long, long>> ReadVersionsAsync(ReadOnlySpan<long> directories, CancellationToken cancellationToken)
    {
        SqlArgs args = new();
        for (int i = 0; i < 8; i++)
            args.Add(string.Create(CultureInfo.InvariantCulture, $"p{i}"), i < directories.Length ? directories[i] : -1);
        return runner.ReadAsync(TreeSql.Versions, args, VersionsAsync, cancellationToken);
    }

    private static async ValueTask<IReadOnlyDictionary<long, long>> VersionsAsync(DbDataReader reader, CancellationToken token)
    {
        Dictionary<long, long> versions = [];
        while (await reader.ReadAsync(token).ConfigureAwait(false))
            versions[reader.GetInt64(0)] = reader.GetInt64(1);
        return versions;
    }

    public ValueTask<TreeResult> CreateDirectoryAsync(long directory, string name, int mode, string owner, CancellationToken cancellationToken) =>
        CreateAsync(TreeSql.CreateDirectory, NewEntry(directory, name, owner) with { IsDirectory = true, Mode = mode }, new SqlArgs(), cancellationToken);

    public async ValueTask<TreeResult> CreateLinkAsync(long directory, string name, string target, string owner, long? quotaFiles, CancellationToken cancellationToken)
    {
        SqlArgs args = new SqlArgs().Add("link", target).Add("slot", Slot);
        if (quotaFiles is not null)
            args.Add("quotafiles", quotaFiles);
        FileRow entry = NewEntry(directory, name, owner) with { Link = target, Mode = 0b111_111_111 };
        TreeResult result = await CreateAsync(TreeSql.CreateLink(quotaFiles is not null), entry, args, cancellationToken).ConfigureAwait(false);
        // The name is free, but the link was not created: the quota is reached or the directory is gone.
        return result.Outcome == Outcome.NotFound && quotaFiles is long most && (await GetUsageAsync(owner, cancellationToken).ConfigureAwait(false)).Files >= most
            ? result with { Outcome = Outcome.QuotaExceeded }
            : result;
    }

    private FileRow NewEntry(long directory, string name, string owner)
    {
        long now = Now;
        return new FileRow { Id = NewId(), Directory = directory, Name = name, Owner = owner, ModTime = now, BirthTime = now, Version = 1 };
    }

    private async ValueTask<TreeResult> CreateAsync(SqlUnit unit, FileRow entry, SqlArgs args, CancellationToken cancellationToken)
    {
        args.Add("dir", entry.Directory).Add("name", entry.Name).Add("id", entry.Id).Add("mode", entry.Mode).Add("owner", entry.Owner).Add("now", entry.ModTime);
        (Applied applied, NameState now) = await WriteOnceAsync(unit, args, Rows.StateAsync, entry.Directory, cancellationToken).ConfigureAwait(false);
        return applied switch
        {
            Applied.Now => new TreeResult(Outcome.Done, now.File, now.Version!.Value),
            Applied.Before => new TreeResult(Outcome.Done, entry),
            _ => new TreeResult(now.File is null ? Outcome.NotFound : Outcome.AlreadyExists, null, now.Version ?? 0),
        };
    }

    public async ValueTask<TreeResult> DeleteFileAsync(long directory, string name, FileRow? exactly, CancellationToken cancellationToken)
    {
        SqlArgs args = new SqlArgs().Add("dir", directory).Add("name", name).Add("now", Now).Add("due", Due).Add("slot", Slot);
        if (exactly is not null)
            args.Add("id", exactly.Id).Add("ver", exactly.Version);
        (Applied applied, NameState was) = await WriteOnceAsync(TreeSql.DeleteFile(exactly is not null), args, Rows.StateAsync, directory, cancellationToken).ConfigureAwait(false);
        return applied switch
        {
            Applied.Now => new TreeResult(Outcome.Done, was.File, was.Version!.Value),
            Applied.Before => new TreeResult(Outcome.Done, exactly),
            _ => new TreeResult(was.File is { IsDirectory: true } other && (exactly is null || other.Id == exactly.Id) ? Outcome.IsDirectory : Outcome.NotFound),
        };
    }

    public async ValueTask<TreeResult> ChangeFactsAsync(long directory, string name, FactUpdate update, CancellationToken cancellationToken)
    {
        SqlArgs args = new SqlArgs().Add("dir", directory).Add("name", name).Add("mod", update.ModTime).Add("birth", update.BirthTime).Add("mode", update.Mode);
        (Applied applied, NameState now) = await WriteOnceAsync(TreeSql.ChangeFacts, args, Rows.StateAsync, directory, cancellationToken).ConfigureAwait(false);
        return applied switch
        {
            Applied.Now => new TreeResult(Outcome.Done, now.File, now.Version!.Value),
            Applied.Before => new TreeResult(Outcome.Done),
            _ => new TreeResult(Outcome.NotFound),
        };
    }

    public ValueTask<TreeResult> RemoveDirectoryAsync(FileRow entry, CancellationToken cancellationToken) => RemoveAsync(TreeSql.RemoveDirectory, entry, cancellationToken);

    public ValueTask<TreeResult> RemoveTreeAsync(FileRow entry, CancellationToken cancellationToken) => RemoveAsync(TreeSql.RemoveTree, entry, cancellationToken);

    private async ValueTask<TreeResult> RemoveAsync(SqlUnit unit, FileRow entry, CancellationToken cancellationToken)
    {
        if (!entry.IsDirectory)
            return new TreeResult(Outcome.NotDirectory);
        SqlArgs args = new SqlArgs().Add("dir", entry.Directory).Add("name", entry.Name).Add("id", entry.Id);
        if (unit == TreeSql.RemoveTree)
            args.Add("trash", TrashDirectory);
        (Applied applied, (NameState now, long? homes)) = await WriteOnceAsync(unit, args, ReadAsync, entry.Directory, cancellationToken).ConfigureAwait(false);
        if (applied != Applied.Never)
            return new TreeResult(Outcome.Done, entry, applied == Applied.Now ? now.Version!.Value : 0);
        if (now.File?.Id != entry.Id)
            return new TreeResult(Outcome.NotFound);
        return new TreeResult(homes > 0 ? Outcome.Busy : Outcome.NotEmpty, null, now.Version ?? 0);

        static async ValueTask<(NameState Now, long? Homes)> ReadAsync(DbDataReader reader, CancellationToken token) =>
            (await Rows.StateAsync(reader, token).ConfigureAwait(false), await Rows.NumberAsync(reader, token).ConfigureAwait(false));
    }

    public async ValueTask<TreeResult> RenameAsync(FileRow source, long directory, string name, CancellationToken cancellationToken)
    {
        SqlArgs args = new SqlArgs().Add("dir", source.Directory).Add("name", source.Name).Add("id", source.Id).Add("ver", source.Version).Add("todir", directory).Add("toname", name);
        if (!source.IsDirectory)
            args.Add("now", Now).Add("due", Due).Add("slot", Slot);
        SqlUnit unit = source.IsDirectory ? TreeSql.MoveDirectory : TreeSql.RenameFile;
        (Applied applied, MoveState state) = await WriteOnceAsync(unit, args, ReadAsync, source.Directory, cancellationToken).ConfigureAwait(false);
        if (applied == Applied.Before)
            return new TreeResult(Outcome.Done, source with { Directory = directory, Name = name, Version = source.Version + 1 });
        long from = state.Versions.GetValueOrDefault(source.Directory);
        bool isTarget = state.Versions.TryGetValue(directory, out long to);
        if (applied == Applied.Now)
            return new TreeResult(Outcome.Done, state.Target, from, to);
        if (!isTarget || state.Source?.Id != source.Id)
            return new TreeResult(Outcome.NotFound);
        if (state.Target?.Id == source.Id)
            return new TreeResult(Outcome.Done, state.Target, from, to);
        if (state.Source.Version != source.Version)
            return new TreeResult(Outcome.Conflict);
        if (state.Target is null)
            return new TreeResult(state.Ruled > 0 ? Outcome.Busy : Outcome.IntoItself);
        return new TreeResult(state.Target.IsDirectory ? Outcome.IsDirectory : Outcome.AlreadyExists);

        static async ValueTask<MoveState> ReadAsync(DbDataReader reader, CancellationToken token)
        {
            IReadOnlyDictionary<long, long> versions = await VersionsAsync(reader, token).ConfigureAwait(false);
            await reader.NextResultAsync(token).ConfigureAwait(false);
            FileRow? target = await Rows.FileAsync(reader, token).ConfigureAwait(false);
            FileRow? moved = await Rows.FileAsync(reader, token).ConfigureAwait(false);
            return new MoveState(versions, target, moved, await Rows.NumberAsync(reader, token).ConfigureAwait(false) ?? 0);
        }
    }

    private readonly record struct MoveState(IReadOnlyDictionary<long, long> Versions, FileRow? Target, FileRow? Source, long Ruled);
}
