using System.Data.Common;
using ZeroFtp.Storage.Metadata.Sql;

namespace ZeroFtp.Storage.Metadata;

internal sealed partial class SqlMetadataStore
{
    private const int CopyStep = 1_000;

    private readonly SemaphoreSlim _reserving = new(1);

    public async ValueTask<long> ReserveObjectIdAsync(CancellationToken cancellationToken)
    {
        if (_reserved.TryTake() is { } ready)
            return ready;
        await _reserving.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_reserved.TryTake() is { } id)
                return id;
            await ReserveBlockAsync(cancellationToken).ConfigureAwait(false);
            return _reserved.TryTake() ?? throw new MetadataException(MetadataError.Broken, "A new block of object ids is empty.");
        }
        finally
        {
            _reserving.Release();
        }
    }

    private async ValueTask ReserveBlockAsync(CancellationToken cancellationToken)
    {
        long first = runner.NewIds(ReservedIds.BlockSize);
        long[] spent = _reserved.TakeSpent();
        SqlArgs args = new SqlArgs().Add("server", ServerId).Add("first", first).Add("count", ReservedIds.BlockSize);
        for (int i = 0; i < 4; i++)
            args.Add("r" + (char)('0' + i), i < spent.Length ? spent[i] : -1);
        SqlAnswer<long?> answer = await runner.WriteAsync(UpkeepSql.Reserve, args, Rows.NumberAsync, 0, cancellationToken).ConfigureAwait(false);
        if (answer.Value is not 1)
            throw new MetadataException(MetadataError.Unavailable, "This front-end was declared dead; its next beat gives it a new identity.");
        _reserved.Add(first);
    }

    public async ValueTask DiscardAsync(IReadOnlyList<ObjectRow> objects, CancellationToken cancellationToken)
    {
        for (int at = 0; at < objects.Count; at += ExtentSql.Batch)
        {
            int count = Math.Min(ExtentSql.Batch, objects.Count - at);
            SqlArgs args = new SqlArgs().Add("now", Now).Add("due", Due);
            for (int i = 0; i < count; i++)
                args.AddObject(objects[at + i], i);
            await WriteAsync(UploadSql.Discard(count), args, cancellationToken).ConfigureAwait(false);
        }
        foreach (ObjectRow o in objects)
            _reserved.Settle(o.Id);
    }

    public ValueTask<FileContent?> ReadContentAsync(long directory, string name, long offset, int limit, CancellationToken cancellationToken)
    {
        SqlArgs args = new SqlArgs().Add("dir", directory).Add("name", name).Add("from", offset).Add("count", limit + 1L);
        return runner.ReadAsync(ExtentSql.Content, args, async (reader, token) =>
        {
            FileRow? file = await Rows.FileAsync(reader, token).ConfigureAwait(false);
            if (file is null)
                return null;
            List<Extent> extents = await ExtentsAsync(reader, offset, limit + 1, token).ConfigureAwait(false);
            bool more = extents.Count > limit;
            if (more)
                extents.RemoveRange(limit, extents.Count - limit);
            return new FileContent(file, extents, more);
        }, cancellationToken);
    }

    public ValueTask<IReadOnlyList<Extent>?> ReadExtentsAsync(FileRow file, long offset, int limit, CancellationToken cancellationToken)
    {
        SqlArgs args = new SqlArgs().Add("id", file.Id).Add("src", file.StorKey).Add("size", file.Size).Add("ver", file.Version).Add("from", offset).Add("count", limit);
        return runner.ReadAsync(ExtentSql.More, args, async (reader, token) =>
            await Rows.NumberAsync(reader, token).ConfigureAwait(false) == 1 ? (IReadOnlyList<Extent>?)await ExtentsAsync(reader, offset, limit, token).ConfigureAwait(false) : null, cancellationToken);
    }

    public ValueTask<IReadOnlyList<Extent>?> ReadSnapshotAsync(FileRow file, long reader, long offset, int limit, CancellationToken cancellationToken)
    {
        (string cutFrom, string cutTo) = ExtentSql.CutKeys(file.StorKey!, file.Version);
        SqlArgs args = new SqlArgs().Add("server", reader).Add("id", file.Id).Add("src", file.StorKey).Add("ver", file.Version)
            .Add("cutfrom", cutFrom).Add("cutto", cutTo).Add("from", offset).Add("count", limit);
        return runner.ReadAsync(ExtentSql.Snapshot, args, async (rows, token) =>
        {
            bool isProtected = false;
            while (await rows.ReadAsync(token).ConfigureAwait(false))
                isProtected |= rows.GetInt64(0) > 0;
            if (!isProtected)
                return null;
            await rows.NextResultAsync(token).ConfigureAwait(false);
            ExtentSnapshot snapshot = new(offset, file.Size, limit);
            while (await rows.ReadAsync(token).ConfigureAwait(false))
                snapshot.Add(Rows.Extent(rows));
            await rows.NextResultAsync(token).ConfigureAwait(false);
            while (await rows.ReadAsync(token).ConfigureAwait(false))
                snapshot.Add(Rows.Extent(rows));
            return (IReadOnlyList<Extent>?)snapshot.ToPage();
        }, cancellationToken);
    }

    public async ValueTask<long> CountExtentsAsync(FileRow file, long most, CancellationToken cancellationToken) =>
        await runner.ReadAsync(ExtentSql.Count, new SqlArgs().Add("src", file.StorKey).Add("count", most), Rows.NumberAsync, cancellationToken).ConfigureAwait(false) ?? 0;

    // First the extent that starts at or before the offset, which is skipped if it ends there, then those after it.
    private static async ValueTask<List<Extent>> ExtentsAsync(DbDataReader reader, long offset, int limit, CancellationToken cancellationToken)
    {
        List<Extent> extents = [];
        do
        {
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                Extent extent = Rows.Extent(reader);
                if (extent.End > offset && extents.Count < limit)
                    extents.Add(extent);
            }
        }
        while (await reader.NextResultAsync(cancellationToken).ConfigureAwait(false));
        return extents;
    }

    public async ValueTask<Usage> GetUsageAsync(string owner, CancellationToken cancellationToken) =>
        await runner.ReadAsync(UploadSql.Usage, new SqlArgs().Add("owner", owner), static async (reader, token) =>
            await reader.ReadAsync(token).ConfigureAwait(false) ? new Usage(reader.GetInt64(0), reader.GetInt64(1)) : default, cancellationToken).ConfigureAwait(false);

    public async ValueTask<long?> JournalCopyAsync(UploadPlan plan, FileRow source, long offset, long end, long at, CancellationToken cancellationToken)
    {
        IReadOnlyList<Extent>? page = await ReadExtentsAsync(source, offset, CopyStep, cancellationToken).ConfigureAwait(false);
        if (page is null)
            return null;
        page = [.. page.TakeWhile(e => e.End <= end)];
        if (page.Count == 0)
            return 0;
        long length = page[^1].End - offset;
        SqlArgs args = AddPlan(new SqlArgs(), ServerOf(plan), plan).Add("from", at).Add("end", at + length).Add("src", source.StorKey).Add("srcid", source.Id).Add("srcsize", source.Size).Add("srcver", source.Version)
            .Add("srcfrom", offset).Add("srcfirst", page[0].Start).Add("srcend", page[^1].End);
        long? copied = (await runner.WriteAsync(UploadSql.JournalCopy, args, Rows.NumberAsync, 0, cancellationToken).ConfigureAwait(false)).Value;
        return copied is null ? null : length;
    }
}
