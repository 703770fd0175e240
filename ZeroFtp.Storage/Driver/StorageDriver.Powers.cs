using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Metadata;

namespace ZeroFtp.Storage.Driver;

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
        Place place = await _walker.WalkToChangeAsync(path, follow: true, cancellationToken).ConfigureAwait(false);
        place.DemandParent().Demand(FtpPermissions.ChangeFacts);
        FactUpdate update = new(ToTime(change.ModifiedUtc), ToTime(change.CreatedUtc), change.Mode);
        TreeResult result = await context.Metadata.ChangeFactsAsync(place.Directory, place.Existing.Name, update, cancellationToken).ConfigureAwait(false);
        Check(result);
        FileRow row = result.File ?? update.ApplyTo(place.Existing);
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

    private async ValueTask RemoveAllAsync(FtpPath directory, CancellationToken cancellationToken)
    {
        Place place = await _walker.WalkToChangeAsync(directory, follow: false, cancellationToken).ConfigureAwait(false);
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
            directory = (await context.Metadata.GetDirectoryToChangeAsync(directory, cancellationToken).ConfigureAwait(false))?.Directory ?? 0;
        return directory == tree;
    }

    private async ValueTask LinkAsync(FtpPath link, string target, CancellationToken cancellationToken)
    {
        Place place = await _walker.WalkToChangeAsync(link, follow: false, cancellationToken).ConfigureAwait(false);
        if (place.Row is not null)
            throw new FtpDriverException(FtpError.AlreadyExists);
        place.DemandParent().Demand(FtpPermissions.Write);
        Names.Demand(place.Name);
        if (target.Length > MaxTargetLength || target.AsSpan().IndexOfAny('\0', '\r', '\n') >= 0)
            throw new FtpDriverException(FtpError.NameNotAllowed);
        context.Space?.Take(0);
        await DemandFileQuotaAsync(cancellationToken).ConfigureAwait(false);
        Check(await context.Metadata.CreateLinkAsync(place.Directory, place.Name, target, account.Name, account.QuotaFiles, cancellationToken).ConfigureAwait(false));
    }
}
