using System.Data.Common;
using ZeroFtp.Storage.Metadata.Sql;

namespace ZeroFtp.Storage.Metadata;

internal sealed partial class SqlMetadataStore
{
    public async ValueTask<bool> JournalAsync(UploadPlan plan, IReadOnlyList<Extent> extents, CancellationToken cancellationToken)
    {
        for (int at = 0; at < extents.Count || at == 0; at += ExtentSql.Batch)
        {
            int count = Math.Min(ExtentSql.Batch, extents.Count - at);
            SqlArgs args = AddPlan(new SqlArgs(), ServerOf(plan), plan).Add("from", count == 0 ? 0 : extents[at].Start).Add("end", count == 0 ? 0 : extents[at + count - 1].End)
                .AddExtents(extents, at, count);
            long? length = (await runner.WriteAsync(UploadSql.Journal(count), args, Rows.NumberAsync, 0, cancellationToken).ConfigureAwait(false)).Value;
            if (length is null)
                return false;
            Settle(extents, at, count);
        }
        return true;
    }

    public async ValueTask<PublishResult> PublishAsync(PublishRequest request, CancellationToken cancellationToken)
    {
        if (request.Extents.Count > ExtentSql.Batch)
        {
            int early = request.Extents.Count - ExtentSql.Batch;
            if (!await JournalAsync(request.Plan, [.. request.Extents.Take(early)], cancellationToken).ConfigureAwait(false))
                return new PublishResult(Outcome.Fenced);
            request = request with { Extents = [.. request.Extents.Skip(early)] };
        }
        PublishResult result = await PublishAsync(ServerOf(request.Plan), request, false, cancellationToken).ConfigureAwait(false);
        if (result.Outcome == Outcome.Done)
            Settle(request.Extents, 0, request.Extents.Count);
        return result;
    }

    public async ValueTask<AbandonResult> AbandonAsync(PublishRequest request, bool keepPartial, CancellationToken cancellationToken)
    {
        AbandonResult result = await AbandonAsync(ServerOf(request.Plan), request, keepPartial, cancellationToken).ConfigureAwait(false);
        Settle(request.Extents, 0, request.Extents.Count);
        return result;
    }

    private async ValueTask<AbandonResult> AbandonAsync(long server, PublishRequest request, bool keepPartial, CancellationToken cancellationToken)
    {
        UploadPlan plan = request.Plan;
        if (keepPartial && plan.KeepPartial && request.Length > (plan.Base is null ? 0 : plan.Repeats) && request.Extents.Count <= ExtentSql.Batch)
        {
            PublishResult kept = await PublishAsync(server, request, true, cancellationToken).ConfigureAwait(false);
            if (kept.Outcome == Outcome.Done)
                return new AbandonResult(true, kept.File, kept.DirectoryVersion);
        }
        int late = Math.Min(request.Extents.Count, ExtentSql.Batch);
        for (int at = late; at < request.Extents.Count; at += ExtentSql.Batch)
            await DiscardAsync([.. request.Extents.Skip(at).Take(ExtentSql.Batch).Select(static e => e.Object)], cancellationToken).ConfigureAwait(false);
        SqlArgs args = new SqlArgs().Add("server", server).Add("key", plan.Key).Add("size", request.Length).Add("now", Now).Add("due", Due);
        for (int i = 0; i < late; i++)
            args.AddObject(request.Extents[i].Object, i);
        await WriteAsync(UploadSql.Drop(late), args, cancellationToken).ConfigureAwait(false);
        return default;
    }

    private ValueTask<PublishResult> PublishAsync(long server, PublishRequest request, bool partial, CancellationToken cancellationToken)
    {
        UploadPlan plan = request.Plan;
        return plan.Base is null || plan.Kind is UploadKind.Replace or UploadKind.CreateNew
            ? PublishWholeAsync(server, request, partial, cancellationToken)
            : PublishOntoAsync(server, request, partial, cancellationToken);
    }

    private async ValueTask<PublishResult> PublishWholeAsync(long server, PublishRequest request, bool partial, CancellationToken cancellationToken)
    {
        UploadSql.Shape shape = new(false, IsGated(request), request.Extents.Count, HasQuota(request), partial, false, request.Plan.Base is not null, PartSql.Room(request.Parts.Count));
        SqlArgs args = AddRequest(server, request, partial).Add("id", NewId()).AddExtents(request.Extents, 0, request.Extents.Count).AddParts(request.Parts);
        SqlAnswer<Published> answer = await runner.WriteAsync(UploadSql.Publish(shape), args, ReadPublishedAsync, request.Plan.Directory, cancellationToken).ConfigureAwait(false);
        (bool done, NameState now) = answer.Value;
        if (done || (now.File?.StorKey == request.Plan.Key && now.File.IsPartial == partial))
            return new PublishResult(Outcome.Done, now.File, now.Version ?? 0);
        return await ExplainAsync(server, request, partial, false, answer.Again, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<PublishResult> PublishOntoAsync(long server, PublishRequest request, bool partial, CancellationToken cancellationToken)
    {
        UploadPlan plan = request.Plan;
        long place = plan.Kind == UploadKind.Append ? plan.Base!.Size : plan.Offset;
        if (plan.Repeats > 0)
        {
            PublishResult exact = await PublishOntoAsync(server, request, partial, new Placing(place - plan.Repeats, 0, true, true), cancellationToken).ConfigureAwait(false);
            if (exact.Outcome != Outcome.Conflict)
                return exact;
        }
        bool cut = plan.Kind == UploadKind.Overwrite && request.Length > plan.Repeats;
        return await PublishOntoAsync(server, request, partial, new Placing(place, plan.Repeats, cut, false), cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<PublishResult> PublishOntoAsync(long server, PublishRequest request, bool partial, Placing placing, CancellationToken cancellationToken)
    {
        UploadSql.Shape shape = new(true, IsGated(request), request.Extents.Count, HasQuota(request), partial, placing.Cut, placing.Exact, PartSql.Room(request.Parts.Count));
        SqlArgs args = AddRequest(server, request, partial).Add("skip", placing.Skip).Add("at", placing.At).Add("to", placing.At + request.Length - placing.Skip).Add("probe", Probe(request))
            .AddExtents(request.Extents, 0, request.Extents.Count).AddParts(request.Parts);
        SqlAnswer<Published> answer = await runner.WriteAsync(UploadSql.Publish(shape), args, ReadPublishedAsync, request.Plan.Directory, cancellationToken).ConfigureAwait(false);
        return answer.Value.Done
            ? new PublishResult(Outcome.Done, answer.Value.Now.File, answer.Value.Now.Version ?? 0)
            : await ExplainAsync(server, request, partial, placing.Exact, answer.Again, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<PublishResult> ExplainAsync(long server, PublishRequest request, bool partial, bool exact, bool again, CancellationToken cancellationToken)
    {
        UploadPlan plan = request.Plan;
        SqlArgs args = AddPlan(new SqlArgs(), server, plan).Add("probe", Probe(request)).Add("partial", partial);
        (long[] counts, NameState now) = await runner.ReadAsync(UploadSql.Explain, args, static async (reader, token) =>
        {
            long[] counts = new long[7];
            if (await reader.ReadAsync(token).ConfigureAwait(false))
            {
                for (int i = 0; i < counts.Length; i++)
                    counts[i] = reader.GetInt64(i);
            }
            await reader.NextResultAsync(token).ConfigureAwait(false);
            return (counts, await Rows.StateAsync(reader, token).ConfigureAwait(false));
        }, cancellationToken).ConfigureAwait(false);
        // Garbage proves that an attempt was applied and its answer lost, but only while nobody can have reaped this front-end: a reaper leaves the same rows
        // behind.
        bool alive = counts[1] > 0, journalled = counts[2] > 0, given = counts[3] > 0, named = counts[4] > 0, based = counts[5] > 0, published = counts[6] > 0;
        if (plan.Base is null || plan.Kind is UploadKind.Replace or UploadKind.CreateNew)
        {
            // That attempt published it, and somebody has renamed or replaced it since.
            if (published || (again && given && alive))
                return new PublishResult(Outcome.Done, null, 0);
        }
        else if (again && !journalled && alive && (request.Extents.Count > 0 ? named : !given))
        {
            return new PublishResult(Outcome.Done, based ? now.File : null, 0);
        }
        if (!journalled)
            return new PublishResult(counts[0] == 0 ? Outcome.NotFound : Outcome.Fenced);
        if (counts[0] == 0)
            return new PublishResult(Outcome.NotFound);
        if (request.Parts.Count > 0 && await ExplainPartsAsync(request.Parts, cancellationToken).ConfigureAwait(false) is Outcome missing)
            return new PublishResult(missing);
        if (now.File is { IsDirectory: true })
            return new PublishResult(Outcome.IsDirectory);
        if (plan is { Kind: UploadKind.Replace, Base: FileRow whole } && !(based && now.File?.Version == whole.Version))
            return new PublishResult(Outcome.Conflict);
        if (plan.Base is null || plan.Kind is UploadKind.Replace or UploadKind.CreateNew)
            return new PublishResult(OfTaken(plan.Kind, now.File) ?? (HasQuota(request) ? Outcome.QuotaExceeded : Outcome.Conflict));
        bool fits = based && now.File!.Size >= plan.Offset && (!exact || now.File.Version == plan.Base.Version);
        return new PublishResult(fits && HasQuota(request) ? Outcome.QuotaExceeded : Outcome.Conflict);
    }

    /// <summary>Returns whether a part is gone or changed; null if none is.</summary>
    private ValueTask<Outcome?> ExplainPartsAsync(IReadOnlyList<FileRow> parts, CancellationToken cancellationToken) =>
        runner.ReadAsync(PartSql.Find(PartSql.Room(parts.Count)), new SqlArgs().AddParts(parts), async (reader, token) =>
        {
            Dictionary<long, long> found = [];
            while (await reader.ReadAsync(token).ConfigureAwait(false))
                found[reader.GetInt64(0)] = reader.GetInt64(1);
            if (found.Count < parts.Count)
                return (Outcome?)Outcome.NotFound;
            return parts.All(part => found[part.Id] == part.Version) ? null : Outcome.Conflict;
        }, cancellationToken);

    /// <summary>Returns what an existing entry at the name means for an upload that needs the name to be free.</summary>
    private static Outcome? OfTaken(UploadKind kind, FileRow? entry) => (kind, entry) switch
    {
        (_, null) => null,
        (UploadKind.CreateNew, _) => Outcome.AlreadyExists,
        (UploadKind.Append, _) => Outcome.Conflict,
        _ => null,
    };

    private SqlArgs AddRequest(long server, PublishRequest request, bool partial) =>
        AddPlan(new SqlArgs(), server, request.Plan).Add("size", request.Length).Add("mod", request.ModTime).Add("now", Now).Add("due", Due).Add("slot", Slot).Add("partial", partial)
            .Add("quotabytes", request.QuotaBytes).Add("quotafiles", request.QuotaFiles);

    private static SqlArgs AddPlan(SqlArgs args, long server, UploadPlan plan) =>
        args.Add("server", server).Add("key", plan.Key).Add("dir", plan.Directory).Add("name", plan.Name).Add("owner", plan.Owner).Add("kind", (long)plan.Kind).Add("mode", plan.FileMode)
            .Add("base", plan.Base?.Id).Add("basekey", plan.Base?.StorKey).Add("basever", plan.Base?.Version).Add("basesize", plan.Base?.Size)
            .Add("offset", plan.Offset).Add("repeats", plan.Repeats).Add("keep", plan.KeepPartial).Add("started", plan.Started);

    private static async ValueTask<Published> ReadPublishedAsync(DbDataReader reader, CancellationToken cancellationToken)
    {
        bool done = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
        return new Published(done, await Rows.StateAsync(reader, cancellationToken).ConfigureAwait(false));
    }

    private long ServerOf(UploadPlan plan) => plan.Server != 0 ? plan.Server : ServerId;

    // An upload that consumes files is registered first: a second run, after a lost answer, finds neither the files nor its journal row, and so does nothing.
    private static bool IsGated(PublishRequest request) => request.Parts.Count == 0 && (request.Extents.Count == 0 ? request.Length == 0 : request.Extents[0].Start == 0);

    private static bool HasQuota(PublishRequest request) => request.QuotaBytes is not null || request.QuotaFiles is not null;

    private static long Probe(PublishRequest request) => request.Extents.Count > 0 ? request.Extents[^1].Object.Id : -1;

    private void Settle(IReadOnlyList<Extent> extents, int at, int count)
    {
        for (int i = at; i < at + count; i++)
            _reserved.Settle(extents[i].Object.Id);
    }

    private readonly record struct Published(bool Done, NameState Now);

    private readonly record struct Placing(long At, long Skip, bool Cut, bool Exact);
}
