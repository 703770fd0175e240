using System.Globalization;
using ZeroFtp.Storage.Metadata.Sql;

namespace ZeroFtp.Storage.Metadata;

internal sealed partial class SqlMetadataStore
{
    private static readonly byte[] NoHash = new byte[16];

    /// <summary>Prevents concurrent beats that find this front-end declared dead from registering it twice.</summary>
    private readonly SemaphoreSlim _beating = new(1);

    /// <summary>
    /// Registers this process as a front-end. If <paramref name="alone"/>, no other front-end can be alive, so all others are declared dead at once.
    /// </summary>
    public async ValueTask RegisterAsync(bool alone, CancellationToken cancellationToken)
    {
        long id = NewId();
        SqlArgs args = new SqlArgs().Add("id", id).Add("name", options.ServerName).Add("now", Now).Add("life", Microseconds(options.ServerLifetime));
        _clock.Set((await runner.WriteAsync(UpkeepSql.NewServer, args, Rows.NumberAsync, 0, cancellationToken).ConfigureAwait(false)).Value ?? Now);
        if (alone)
            await WriteAsync(UpkeepSql.ExpireOthers, new SqlArgs().Add("id", id), cancellationToken).ConfigureAwait(false);
        // No block that was reserved for the old identity may arrive after the blocks have been dropped.
        await _reserving.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        _reserved.Clear();
        Volatile.Write(ref _server, id);
        _reserving.Release();
    }

    public async ValueTask<bool> BeatAsync(long? oldestRead, CancellationToken cancellationToken)
    {
        await _beating.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await BeatAloneAsync(oldestRead, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _beating.Release();
        }
    }

    private async ValueTask<bool> BeatAloneAsync(long? oldestRead, CancellationToken cancellationToken)
    {
        SqlArgs args = AddLifetime(new SqlArgs().Add("id", ServerId).Add("now", Now).Add("oldest", oldestRead ?? long.MaxValue));
        if ((await runner.WriteAsync(UpkeepSql.Beat, args, Rows.NumberAsync, 0, cancellationToken).ConfigureAwait(false)).Value is long now)
        {
            _clock.Set(now);
            return true;
        }
        await RegisterAsync(false, cancellationToken).ConfigureAwait(false);
        return false;
    }

    private SqlArgs AddLifetime(SqlArgs args) => args.Add("life", Microseconds(options.ServerLifetime)).Add("gap", Microseconds(options.ServerLifetime / 2));

    public async ValueTask<bool> TakeTurnAsync(string job, TimeSpan interval, CancellationToken cancellationToken)
    {
        SqlArgs args = new SqlArgs().Add("mine", NewKey()).Add("key", "turn " + job).Add("interval", Microseconds(interval)).Add("now", Now);
        return (await runner.WriteAsync(UpkeepSql.TakeTurn, args, Rows.NumberAsync, 0, cancellationToken).ConfigureAwait(false)).Value == 1;
    }

    public ValueTask ReturnTurnAsync(string job, CancellationToken cancellationToken) => WriteAsync(UpkeepSql.ReturnTurn, new SqlArgs().Add("key", "turn " + job), cancellationToken);

    public async ValueTask<ReapResult> ReapAsync(CancellationToken cancellationToken)
    {
        await PruneMarksAsync(cancellationToken).ConfigureAwait(false);
        IReadOnlyList<long> dead = await NumbersAsync(UpkeepSql.DeadServers, AddLifetime(new SqlArgs().Add("now", Now).Add("self", ServerId)), cancellationToken).ConfigureAwait(false);
        if (dead.Count > 0)
            return await ReapServerAsync(dead[0], cancellationToken).ConfigureAwait(false);
        return await ReapTrashAsync(cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<ReapResult> ReapServerAsync(long server, CancellationToken cancellationToken)
    {
        IReadOnlyList<PublishRequest> uploads = await DeadUploadsAsync(server, cancellationToken).ConfigureAwait(false);
        int partials = 0;
        foreach (PublishRequest upload in uploads)
        {
            PublishRequest limited = await WithQuotaAsync(upload, cancellationToken).ConfigureAwait(false);
            AbandonResult result = await AbandonDeadAsync(server, limited, cancellationToken).ConfigureAwait(false);
            partials += result.Kept ? 1 : 0;
        }
        if (uploads.Count > 0)
            return new ReapResult(uploads.Count, partials, 0, 0, true);
        SqlArgs args = new SqlArgs().Add("server", server).Add("zero", NoHash).Add("now", Now).Add("due", Due);
        long? left = (await runner.WriteAsync(UpkeepSql.SweepReserved, args, Rows.NumberAsync, 0, cancellationToken).ConfigureAwait(false)).Value;
        return new ReapResult(0, 0, left == 0 ? 1 : 0, 0, true);
    }

    /// <summary>
    /// The quota of the account that is charged, as the upload itself would have seen it: the uploader's, or that of the owner of the file that it adds to.
    /// </summary>
    private async ValueTask<PublishRequest> WithQuotaAsync(PublishRequest upload, CancellationToken cancellationToken)
    {
        UploadPlan plan = upload.Plan;
        string owner = plan.Kind is UploadKind.Append or UploadKind.Overwrite && plan.Base is { } row ? row.Owner : plan.Owner;
        AccountRow? account = await FindAccountAsync(owner, cancellationToken).ConfigureAwait(false);
        return upload with { QuotaBytes = account?.QuotaBytes, QuotaFiles = account?.QuotaFiles };
    }

    // A partial that no rule allows would block all other dead servers for ever, so drop it.
    private async ValueTask<AbandonResult> AbandonDeadAsync(long server, PublishRequest upload, CancellationToken cancellationToken)
    {
        try
        {
            return await AbandonAsync(server, upload, true, cancellationToken).ConfigureAwait(false);
        }
        catch (MetadataException failure) when (failure.Error == MetadataError.Broken)
        {
            return await AbandonAsync(server, upload, false, cancellationToken).ConfigureAwait(false);
        }
    }

    private ValueTask<IReadOnlyList<PublishRequest>> DeadUploadsAsync(long server, CancellationToken cancellationToken)
    {
        long now = Now;
        return runner.ReadAsync(UpkeepSql.DeadUploads, new SqlArgs().Add("server", server), async (reader, token) =>
        {
            List<PublishRequest> uploads = [];
            while (await reader.ReadAsync(token).ConfigureAwait(false))
            {
                long? baseId = Rows.Number(reader, 6);
                UploadPlan plan = new()
                {
                    Key = reader.GetString(0),
                    Directory = reader.GetInt64(1),
                    Name = reader.GetString(2),
                    Owner = reader.GetString(3),
                    Kind = (UploadKind)reader.GetInt64(4),
                    FileMode = (int)reader.GetInt64(5),
                    Base = baseId is null ? null : new FileRow
                    {
                        Id = baseId.Value,
                        Directory = reader.GetInt64(1),
                        Name = reader.GetString(2),
                        StorKey = reader.GetString(7),
                        Version = reader.GetInt64(8),
                        Size = reader.GetInt64(9),
                        Owner = Rows.Text(reader, 15) ?? "",
                    },
                    Offset = reader.GetInt64(10),
                    Repeats = reader.GetInt64(11),
                    KeepPartial = reader.GetBoolean(12),
                    Started = reader.GetInt64(14),
                };
                uploads.Add(new PublishRequest { Plan = plan, Length = reader.GetInt64(13), ModTime = now });
            }
            return (IReadOnlyList<PublishRequest>)uploads;
        }, cancellationToken);
    }

    private async ValueTask<ReapResult> ReapTrashAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<long> directories = await runner.ReadAsync(UpkeepSql.Trash, new SqlArgs(), NumbersAsync, cancellationToken).ConfigureAwait(false);
        if (directories.Count == 0)
            return default;
        SqlArgs args = new SqlArgs().Add("dir", directories[0]);
        IReadOnlyList<string> names = await runner.ReadAsync(UpkeepSql.TrashPage, args, TextsAsync, cancellationToken).ConfigureAwait(false);
        if (names.Count == 0)
        {
            await WriteAsync(UpkeepSql.ReapDirectory, args, cancellationToken).ConfigureAwait(false);
            return new ReapResult(0, 0, 0, 1, true);
        }
        args.Add("from", names[0]).Add("to", names[^1]).Add("now", Now).Add("due", Due).Add("slot", Slot);
        await WriteAsync(UpkeepSql.ReapEntries, args, cancellationToken).ConfigureAwait(false);
        return new ReapResult(0, 0, 0, names.Count, true);
    }

    public async ValueTask<int> CollectAsync(int limit, CancellationToken cancellationToken)
    {
        long now = Now;
        SqlArgs args = new SqlArgs().Add("now", now).Add("lease", Microseconds(TimeSpan.FromMinutes(5)) + Random.Shared.Next(1_000_000)).Add("grace", Microseconds(options.Grace));
        (IReadOnlyList<string> keys, long until) = (await runner.WriteAsync(UpkeepSql.TakeContents, args, static async (reader, token) =>
        {
            (List<string> keys, long until) = ([], 0);
            while (await reader.ReadAsync(token).ConfigureAwait(false))
            {
                keys.Add(reader.GetString(0));
                until = reader.GetInt64(1);
            }
            return ((IReadOnlyList<string>)keys, until);
        }, 0, cancellationToken).ConfigureAwait(false)).Value;
        if (keys.Count == 0)
            return 0;
        args = AddKeys(new SqlArgs(), keys).Add("count", limit);
        (long count, string toKey, long to) = await runner.ReadAsync(UpkeepSql.StepEnd, args, static async (reader, token) =>
        {
            long count = await Rows.NumberAsync(reader, token).ConfigureAwait(false) ?? 0;
            return await reader.ReadAsync(token).ConfigureAwait(false) ? (count, reader.GetString(0), reader.GetInt64(1)) : (count, "", 0L);
        }, cancellationToken).ConfigureAwait(false);
        args = AddKeys(new SqlArgs(), keys).Add("tokey", toKey).Add("to", to).Add("until", until).Add("n", keys.Count).Add("now", now);
        await WriteAsync(UpkeepSql.DropExtents, args, cancellationToken).ConfigureAwait(false);
        return (int)count + keys.Count;
    }

    private static SqlArgs AddKeys(SqlArgs args, IReadOnlyList<string> keys)
    {
        for (int i = 0; i < UpkeepSql.Contents; i++)
            args.Add(string.Create(CultureInfo.InvariantCulture, $"k{i}"), i < keys.Count ? keys[i] : "");
        return args;
    }

    public async ValueTask<IReadOnlyList<ObjectRow>> TakeDeadObjectsAsync(int limit, TimeSpan lease, CancellationToken cancellationToken)
    {
        SqlArgs args = new SqlArgs().Add("lease", Microseconds(lease)).Add("grace", Microseconds(options.Grace)).Add("now", Now).Add("count", limit);
        return (await runner.WriteAsync(UpkeepSql.TakeObjects, args, static async (reader, token) =>
        {
            List<ObjectRow> objects = [];
            while (await reader.ReadAsync(token).ConfigureAwait(false))
                objects.Add(Rows.Object(reader));
            return (IReadOnlyList<ObjectRow>)objects;
        }, 0, cancellationToken).ConfigureAwait(false)).Value;
    }

    public async ValueTask DeadObjectsDeletedAsync(IReadOnlyList<ObjectRow> objects, CancellationToken cancellationToken)
    {
        for (int at = 0; at < objects.Count; at += UpkeepSql.Objects)
            await WriteAsync(UpkeepSql.ObjectsDeleted, AddIds(new SqlArgs(), at, objects.Count, i => objects[i].Id), cancellationToken).ConfigureAwait(false);
    }

    public ValueTask DeadObjectShrunkAsync(ObjectRow left, CancellationToken cancellationToken) =>
        WriteAsync(UpkeepSql.ObjectShrunk, new SqlArgs().Add("object", left.Id).Add("ref", left.Reference), cancellationToken);

    public ValueTask<IReadOnlyList<ScannedExtent>> ScanExtentsAsync(string afterKey, long afterStart, int limit, CancellationToken cancellationToken) =>
        runner.ReadAsync(ExtentSql.Scan, new SqlArgs().Add("after", afterKey).Add("from", afterStart).Add("count", limit), static async (reader, token) =>
        {
            List<ScannedExtent> found = [];
            while (await reader.ReadAsync(token).ConfigureAwait(false))
                found.Add(new ScannedExtent(reader.GetString(8), Rows.Extent(reader)));
            return (IReadOnlyList<ScannedExtent>)found;
        }, cancellationToken);

    public async ValueTask<bool> ReplaceReferenceAsync(ObjectRow repaired, string? old, string? dropped, CancellationToken cancellationToken)
    {
        SqlArgs args = new SqlArgs().Add("id", repaired.Id).Add("ref", repaired.Reference).Add("old", old).Add("dropped", dropped ?? "").Add("new", NewId()).Add("now", Now).Add("due", Due);
        return (await runner.WriteAsync(UpkeepSql.ReplaceReference, args, Rows.NumberAsync, 0, cancellationToken).ConfigureAwait(false)).Value > 0;
    }

    public async ValueTask ProbeAsync(CancellationToken cancellationToken)
    {
        await runner.ProbeAsync(cancellationToken).ConfigureAwait(false);
        await runner.ReadAsync(TreeSql.Version, new SqlArgs().Add("dir", IMetadataTree.Root), Rows.NumberAsync, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<IReadOnlyList<long>> FindUnknownObjectsAsync(IReadOnlyList<long> ids, CancellationToken cancellationToken)
    {
        List<long> unknown = [];
        for (int at = 0; at < ids.Count; at += UpkeepSql.Objects)
        {
            (HashSet<long> known, List<(long First, long Count)> reserved) = await runner.ReadAsync(UpkeepSql.KnownObjects, AddIds(new SqlArgs(), at, ids.Count, i => ids[i]), static async (reader, token) =>
            {
                HashSet<long> known = [];
                while (await reader.ReadAsync(token).ConfigureAwait(false))
                    known.Add(reader.GetInt64(0));
                await reader.NextResultAsync(token).ConfigureAwait(false);
                List<(long First, long Count)> reserved = [];
                while (await reader.ReadAsync(token).ConfigureAwait(false))
                    reserved.Add((reader.GetInt64(0), reader.GetInt64(1)));
                return (known, reserved);
            }, cancellationToken).ConfigureAwait(false);
            for (int i = at; i < Math.Min(ids.Count, at + UpkeepSql.Objects); i++)
            {
                if (!known.Contains(ids[i]) && !reserved.Exists(r => ids[i] >= r.First && ids[i] < r.First + r.Count))
                    unknown.Add(ids[i]);
            }
        }
        return unknown;
    }

    private static SqlArgs AddIds(SqlArgs args, int at, int end, Func<int, long> id)
    {
        for (int i = 0; i < UpkeepSql.Objects; i++)
            args.Add(string.Create(CultureInfo.InvariantCulture, $"o{i}"), at + i < end ? id(at + i) : -1);
        return args;
    }

    public ValueTask<IReadOnlyList<string>> FindPathsAsync(long objectId, int limit, CancellationToken cancellationToken) =>
        runner.ReadAsync(UpkeepSql.PathsOfObject, new SqlArgs().Add("object", objectId).Add("count", limit), TextsAsync, cancellationToken);

    public async ValueTask<bool> RepairUsageAsync(CancellationToken cancellationToken) =>
        (await runner.WriteAsync(CheckSql.RepairUsage, new SqlArgs().Add("slot", Slot), Rows.NumberAsync, 0, cancellationToken).ConfigureAwait(false)).Value == 0;

    public ValueTask<IReadOnlyList<string>> ExamineAsync(CancellationToken cancellationToken) => runner.ExamineAsync(cancellationToken);

    public ValueTask<IReadOnlyDictionary<string, long>> CheckAsync(CancellationToken cancellationToken) =>
        runner.ReadAsync(CheckSql.All, new SqlArgs(), static async (reader, token) =>
        {
            Dictionary<string, long> counts = [];
            while (await reader.ReadAsync(token).ConfigureAwait(false))
                counts[reader.GetString(0)] = reader.GetInt64(1);
            return (IReadOnlyDictionary<string, long>)counts;
        }, cancellationToken);

    private async ValueTask<IReadOnlyList<long>> NumbersAsync(SqlUnit unit, SqlArgs args, CancellationToken cancellationToken) =>
        (await runner.WriteAsync(unit, args, NumbersAsync, 0, cancellationToken).ConfigureAwait(false)).Value;

    private static async ValueTask<IReadOnlyList<long>> NumbersAsync(System.Data.Common.DbDataReader reader, CancellationToken cancellationToken)
    {
        List<long> numbers = [];
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            numbers.Add(reader.GetInt64(0));
        return numbers;
    }

    private static async ValueTask<IReadOnlyList<string>> TextsAsync(System.Data.Common.DbDataReader reader, CancellationToken cancellationToken)
    {
        List<string> texts = [];
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            texts.Add(reader.GetString(0));
        return texts;
    }
}
