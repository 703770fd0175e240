using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Accounts;
using ZeroFtp.Storage.Metadata;

namespace ZeroFtp.Storage;

/// <summary>What the store can do beyond the plain verbs.</summary>
internal sealed partial class StorageDriver : IFactChanging, ISpaceReporting, IQuotaReporting, ICombining, ICopying, ITreeRemoving, ISymbolicLinking
{
    private const int MaxTargetLength = 4_096;

    public ChangeableFacts Changeable => ChangeableFacts.Modified | ChangeableFacts.Created | ChangeableFacts.Mode;

    public ValueTask<FtpEntry> ChangeFactsAsync(FtpPath path, FactChange change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        return StorageFailure.Translate(ChangeAsync(path, change, cancellationToken));
    }

    public ValueTask<long> GetAvailableBytesAsync(FtpPath directory, CancellationToken cancellationToken) => StorageFailure.Translate(GetAvailableAsync(directory, cancellationToken));

    public ValueTask<QuotaReport?> GetQuotaAsync(CancellationToken cancellationToken) => StorageFailure.Translate(ReportQuotaAsync(cancellationToken));

    public ValueTask CombineAsync(FtpPath target, IReadOnlyList<FtpPath> parts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(parts);
        return StorageFailure.Translate(JoinAsync(target, parts, cancellationToken));
    }

    public ValueTask CopyAsync(FtpPath from, FtpPath to, CancellationToken cancellationToken) => StorageFailure.Translate(DuplicateAsync(from, to, cancellationToken));

    public ValueTask RemoveTreeAsync(FtpPath directory, CancellationToken cancellationToken) => StorageFailure.Translate(RemoveAllAsync(directory, cancellationToken));

    public ValueTask CreateSymbolicLinkAsync(FtpPath link, string target, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(target);
        return StorageFailure.Translate(LinkAsync(link, target, cancellationToken));
    }

    private async ValueTask<FtpEntry> ChangeAsync(FtpPath path, FactChange change, CancellationToken cancellationToken)
    {
        Place place = await _walker.WalkAsync(path, follow: true, cancellationToken).ConfigureAwait(false);
        place.DemandParent().Demand(FtpPermissions.ChangeFacts);
        FactUpdate update = new(ToTime(change.ModifiedUtc), ToTime(change.CreatedUtc), change.Mode);
        FileRow row = Check(await context.Metadata.ChangeFactsAsync(place.Directory, place.Existing.Name, update, cancellationToken).ConfigureAwait(false));
        return EntryMapping.ToEntry(row, ShownPermissions(place)) with { Name = path.Name };
    }

    private static long? ToTime(DateTime? utc) => utc is DateTime time ? MetadataTime.FromUtc(time) : null;

    private async ValueTask<long> GetAvailableAsync(FtpPath directory, CancellationToken cancellationToken)
    {
        Place place = await _walker.WalkAsync(directory, follow: true, cancellationToken).ConfigureAwait(false);
        if (!place.Existing.IsDirectory)
            throw new FtpDriverException(FtpError.NotADirectory);
        return Math.Min(await GetQuotaLeftAsync(cancellationToken).ConfigureAwait(false), context.Space?.AvailableBytes ?? long.MaxValue);
    }

    private async ValueTask<QuotaReport?> ReportQuotaAsync(CancellationToken cancellationToken)
    {
        if (account.QuotaBytes is null && account.QuotaFiles is null)
            return null;
        Usage usage = await context.Metadata.GetUsageAsync(account.Name, cancellationToken).ConfigureAwait(false);
        return new QuotaReport(usage.Bytes, account.QuotaBytes, usage.Files, account.QuotaFiles);
    }

    private async ValueTask DuplicateAsync(FtpPath from, FtpPath to, CancellationToken cancellationToken)
    {
        Place source = await WalkToFileAsync(from, FtpPermissions.Read, cancellationToken).ConfigureAwait(false);
        Place target = await _walker.WalkAsync(to, follow: true, cancellationToken).ConfigureAwait(false);
        if (target.Row is FileRow same && same.Id == source.Row!.Id)
            throw new FtpDriverException(FtpError.NameNotAllowed);
        await ReferAsync(UploadMode.Replace, target, source.Row!.Mode, [source], cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask JoinAsync(FtpPath target, IReadOnlyList<FtpPath> parts, CancellationToken cancellationToken)
    {
        Place place = await _walker.WalkAsync(target, follow: true, cancellationToken).ConfigureAwait(false);
        List<Place> sources = [];
        foreach (FtpPath part in parts)
        {
            Place source = await WalkToFileAsync(part, FtpPermissions.Read | FtpPermissions.Delete, cancellationToken).ConfigureAwait(false);
            if (source.Row!.Id == place.Row?.Id || sources.Exists(other => other.Row!.Id == source.Row.Id))
                throw new FtpDriverException(FtpError.NameNotAllowed);
            sources.Add(source);
        }
        // A part that somebody has stored anew since it was joined stays: those octets are nowhere else.
        foreach (FileRow joined in await ReferAsync(UploadMode.Append, place, sources.Count > 0 ? sources[0].Row!.Mode : null, sources, cancellationToken).ConfigureAwait(false))
        {
            TreeResult removed = await context.Metadata.DeleteFileAsync(joined.Directory, joined.Name, joined, CancellationToken.None).ConfigureAwait(false);
            if (removed.Outcome is not (Outcome.Done or Outcome.NotFound))
                throw StorageFailure.Of(removed.Outcome);
        }
    }

    /// <summary>Makes or extends a file of other files' content, by reference: no octet is moved.</summary>
    /// <returns>Those files as they were when their content was taken.</returns>
    private async ValueTask<IReadOnlyList<FileRow>> ReferAsync(UploadMode mode, Place target, int? fileMode, IReadOnlyList<Place> sources, CancellationToken cancellationToken)
    {
        UploadRequest upload = new() { Path = target.Path, Mode = mode };
        if (fileMode is int bits)
            upload = upload with { FileMode = bits };
        if (sources.Sum(source => source.Row!.Size) > await _planner.CheckAsync(upload, target, cancellationToken).ConfigureAwait(false))
            throw new FtpDriverException(FtpError.QuotaExceeded);
        UploadPlan plan = await _planner.PlanAsync(upload, target, cancellationToken).ConfigureAwait(false) with { KeepPartial = false };
        long length = 0;
        List<FileRow> taken = [];
        bool isPublished = false;
        try
        {
            foreach (Place source in sources)
            {
                taken.Add(await ReferAsync(plan, source, length, cancellationToken).ConfigureAwait(false));
                length += taken[^1].Size;
            }
            Quota quota = await Quota.FindAsync(context.Metadata, account, plan.Base, cancellationToken).ConfigureAwait(false);
            PublishRequest request = ToRequest(plan, length) with { QuotaBytes = quota.Bytes, QuotaFiles = quota.Files };
            PublishResult result = await context.Metadata.PublishAsync(request, CancellationToken.None).ConfigureAwait(false);
            isPublished = result.Outcome == Outcome.Done;
            return isPublished ? taken : throw StorageFailure.Of(result.Outcome);
        }
        finally
        {
            if (!isPublished)
                await context.Metadata.AbandonAsync(ToRequest(plan, length), keepPartial: false, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private async ValueTask<FileRow> ReferAsync(UploadPlan plan, Place source, long at, CancellationToken cancellationToken)
    {
        FileContent content = await context.Metadata.ReadContentAsync(source.Directory, source.Name, 0, 1, cancellationToken).ConfigureAwait(false) ?? throw new FtpDriverException(FtpError.NotFound);
        long done = 0;
        while (done < content.File.Size)
        {
            long added = await context.Metadata.JournalCopyAsync(plan, content.File, done, at + done, cancellationToken).ConfigureAwait(false) ?? throw new FtpDriverException(FtpError.Busy, "The file has changed meanwhile.");
            if (added == 0)
                throw new FtpDriverException(FtpError.Busy, "The file has changed meanwhile.");
            done += added;
        }
        return content.File;
    }

    private PublishRequest ToRequest(UploadPlan plan, long length) => new() { Plan = plan, Length = length, ModTime = context.Now };

    private async ValueTask RemoveAllAsync(FtpPath directory, CancellationToken cancellationToken)
    {
        Place place = await _walker.WalkAsync(directory, follow: false, cancellationToken).ConfigureAwait(false);
        FileRow row = place.DemandParent().Existing;
        if (!row.IsDirectory)
            throw new FtpDriverException(FtpError.NotADirectory);
        DemandDeletable(place);
        foreach ((long id, FtpPermissions permissions) in account.Rules)
        {
            if ((permissions & FtpPermissions.Delete) == 0 && await IsWithinAsync(id, row.Id, cancellationToken).ConfigureAwait(false))
                throw new FtpDriverException(FtpError.PermissionDenied);
        }
        Check(await context.Metadata.RemoveTreeAsync(row, cancellationToken).ConfigureAwait(false));
    }

    private async ValueTask<bool> IsWithinAsync(long directory, long tree, CancellationToken cancellationToken)
    {
        while (directory != 0 && directory != tree)
            directory = (await context.Metadata.GetDirectoryAsync(directory, cancellationToken).ConfigureAwait(false))?.Directory ?? 0;
        return directory == tree;
    }

    private async ValueTask LinkAsync(FtpPath link, string target, CancellationToken cancellationToken)
    {
        Place place = await _walker.WalkAsync(link, follow: false, cancellationToken).ConfigureAwait(false);
        if (place.Row is not null)
            throw new FtpDriverException(FtpError.AlreadyExists);
        place.DemandParent().Demand(FtpPermissions.Write);
        Names.Demand(place.Name);
        if (target.Length > MaxTargetLength || target.AsSpan().IndexOfAny('\0', '\r', '\n') >= 0)
            throw new FtpDriverException(FtpError.NameNotAllowed);
        context.Space?.Take(0);
        await DemandFileQuotaAsync(cancellationToken).ConfigureAwait(false);
        Check(await context.Metadata.CreateLinkAsync(place.Directory, place.Name, target, account.Name, cancellationToken).ConfigureAwait(false));
    }
}
