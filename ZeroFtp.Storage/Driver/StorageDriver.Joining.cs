using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Accounts;
using ZeroFtp.Storage.Diagnostics;
using ZeroFtp.Storage.Metadata;

namespace ZeroFtp.Storage.Driver;

/// <summary>Files that are made of other files' content.</summary>
internal sealed partial class StorageDriver
{
    /// <summary>The most files that one COMB joins: its unit names each of them.</summary>
    private const int MaxParts = 1_000;

    private async ValueTask DuplicateAsync(FtpPath from, FtpPath to, CancellationToken cancellationToken)
    {
        Place source = await WalkToSourceAsync(from, FtpPermissions.Read, cancellationToken).ConfigureAwait(false);
        Place target = await _walker.WalkToChangeAsync(to, follow: true, cancellationToken).ConfigureAwait(false);
        if (target.Row is FileRow same && same.Id == source.Row!.Id)
            throw new FtpDriverException(FtpError.NameNotAllowed);
        await ReferAsync(UploadMode.Replace, target, source.Row!.Mode, [source], consume: false, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask JoinAsync(FtpPath target, IReadOnlyList<FtpPath> parts, CancellationToken cancellationToken)
    {
        if (parts.Count > MaxParts)
            throw new FtpDriverException(FtpError.NotPossible, $"At most {MaxParts} files can be joined at once.");
        Place place = await _walker.WalkToChangeAsync(target, follow: true, cancellationToken).ConfigureAwait(false);
        List<Place> sources = [];
        foreach (FtpPath part in parts)
        {
            Place source = await WalkToSourceAsync(part, FtpPermissions.Read | FtpPermissions.Delete, cancellationToken).ConfigureAwait(false);
            if (source.Row!.Id == place.Row?.Id || sources.Exists(other => other.Row!.Id == source.Row.Id))
                throw new FtpDriverException(FtpError.NameNotAllowed);
            sources.Add(source);
        }
        await ReferAsync(UploadMode.Append, place, sources.Count > 0 ? sources[0].Row!.Mode : null, sources, consume: true, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes or extends a file of other files' content, mostly by reference.</summary>
    /// <param name="mode">Whether the target is replaced or extended.</param>
    /// <param name="target">Where the content goes.</param>
    /// <param name="fileMode">Permission bits of a new file.</param>
    /// <param name="sources">Whose content it is.</param>
    /// <param name="consume">Whether those files go in the unit that publishes the target.</param>
    /// <param name="cancellationToken">Cancels until the publication begins.</param>
    private async ValueTask ReferAsync(UploadMode mode, Place target, int? fileMode, IReadOnlyList<Place> sources, bool consume, CancellationToken cancellationToken)
    {
        UploadRequest upload = new() { Path = target.Path, Mode = mode };
        if (fileMode is int bits)
            upload = upload with { FileMode = bits };
        using IDisposable reading = context.Reads.Begin();
        List<FileRow> rows = [];
        foreach (Place source in sources)
            rows.Add(await ReadRowAsync(source, cancellationToken).ConfigureAwait(false) ?? throw new FtpDriverException(FtpError.NotFound));
        long added = rows.Sum(static row => row.Size);
        if (added > await _planner.CheckAsync(upload, target, consume ? rows : [], cancellationToken).ConfigureAwait(false))
            throw new FtpDriverException(FtpError.QuotaExceeded);
        JoinedContent joined = await _planner.JoinAsync(upload, target, rows, cancellationToken).ConfigureAwait(false);
        Quota quota = await Quota.FindAsync(context.Metadata, account, joined.Plan.Base, cancellationToken).ConfigureAwait(false);
        try
        {
            await PublishAsync(joined, quota, rows, consume, context.Now, cancellationToken).ConfigureAwait(false);
        }
        catch (FtpDriverException exception) when (exception.Error == FtpError.Busy)
        {
            // Of several that join the same parts all but the first find them gone.
            foreach ((Place source, FileRow row) in sources.Zip(rows))
            {
                if ((await ReadRowAsync(source, cancellationToken).ConfigureAwait(false))?.Id != row.Id)
                    throw new FtpDriverException(FtpError.NotFound, "The file is gone meanwhile.", exception);
            }
            throw;
        }
    }

    private async ValueTask PublishAsync(JoinedContent joined, Quota quota, IReadOnlyList<FileRow> sources, bool consume, long modified, CancellationToken cancellationToken)
    {
        bool isPublished = false;
        try
        {
            if (joined.First is FileRow first)
                await joined.AddAsync(first, cancellationToken).ConfigureAwait(false);
            foreach (FileRow source in sources)
                await joined.AddAsync(source, cancellationToken).ConfigureAwait(false);
            await joined.FinishAsync(cancellationToken).ConfigureAwait(false);
            if (consume)
                await joined.Extents.RegisterAsync(joined.Plan, cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            PublishRequest request = ToRequest() with { QuotaBytes = quota.Bytes, QuotaFiles = quota.Files, Parts = consume ? sources : [] };
            PublishResult result = await context.Metadata.PublishAsync(request, CancellationToken.None).ConfigureAwait(false);
            isPublished = result.Outcome == Outcome.Done;
            if (!isPublished)
                throw StorageFailure.Of(result.Outcome);
        }
        finally
        {
            if (!isPublished)
                await GiveUpAsync().ConfigureAwait(false);
        }

        PublishRequest ToRequest() => new() { Plan = joined.Plan, Length = joined.Extents.Length, Extents = joined.Extents.Pending, ModTime = modified };

        // It may have happened after all. What is not referred to then is ended by the reaper, what is must not be given up.
        async ValueTask GiveUpAsync()
        {
            await joined.Extents.SettleAsync(completeLast: false).ConfigureAwait(false);
            try
            {
                await context.Metadata.AbandonAsync(ToRequest(), keepPartial: false, CancellationToken.None).ConfigureAwait(false);
            }
            catch (MetadataException exception)
            {
                context.Logger.GarbageNotRecorded(joined.Extents.Pending.Count, exception);
                context.Unsettled.Enqueue((ToRequest(), false));
            }
        }
    }

    /// <summary>The plain file as it is now, or null.</summary>
    private async ValueTask<FileRow?> ReadRowAsync(Place place, CancellationToken cancellationToken) =>
        await context.Metadata.ReadContentAsync(place.Directory, place.Name, 0, 1, cancellationToken).ConfigureAwait(false) is { File: { StorKey: not null } row } ? row : null;
}
