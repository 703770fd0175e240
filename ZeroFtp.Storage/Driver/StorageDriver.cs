using System.Runtime.CompilerServices;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Accounts;
using ZeroFtp.Storage.Content;
using ZeroFtp.Storage.Metadata;

namespace ZeroFtp.Storage.Driver;

/// <summary>
/// The tree of one session: names and facts from the metadata, content from the object store. Every operation is one atomic unit of the metadata; what was
/// found on the way to it only decides what is asked for.
/// </summary>
internal sealed partial class StorageDriver(StorageContext context, SessionAccount account, IDisposable? login = null) : IClientHandlingDriver, IDisposable
{
    private readonly PathWalker _walker = new(context.Metadata, account, context.Options.MaxLinkDepth);
    private readonly UploadPlanner _planner = new(context, account);

    /// <summary>The user has left.</summary>
    public void Dispose() => login?.Dispose();

    public ValueTask<FtpEntry?> GetFileInfoAsync(FtpPath path, CancellationToken cancellationToken) => StorageFailure.Translate(GetEntryAsync(path, cancellationToken));

    public async IAsyncEnumerable<FtpEntry> ListFilesAsync(FtpPath directory, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Place place = await WalkAsync(directory, follow: true, cancellationToken).ConfigureAwait(false);
        if (!place.Existing.IsDirectory)
            throw new FtpDriverException(FtpError.NotADirectory);
        if ((place.Inner & FtpPermissions.List) == 0)
            throw new FtpDriverException(FtpError.PermissionDenied);
        IAsyncEnumerator<ReadOnlyMemory<FileRow>> pages = context.Metadata.ListAsync(place.Row!.Id, cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using (pages.ConfigureAwait(false))
        {
            while (await StorageFailure.Translate(pages.MoveNextAsync()).ConfigureAwait(false))
            {
                ReadOnlyMemory<FileRow> page = pages.Current;
                for (int i = 0; i < page.Length; i++)
                {
                    FileRow row = page.Span[i];
                    yield return row.Link is null ? EntryMapping.ToEntry(row, ShownPermissions(row, place.Inner)) : await FollowAsync(directory, row, place.Inner, cancellationToken).ConfigureAwait(false);
                }
            }
        }
    }

    public ValueTask MakeDirectoryAsync(FtpPath path, int mode, CancellationToken cancellationToken) => StorageFailure.Translate(MakeAsync(path, mode, cancellationToken));

    public ValueTask RemoveDirectoryAsync(FtpPath path, CancellationToken cancellationToken) => StorageFailure.Translate(RemoveAsync(path, cancellationToken));

    public ValueTask DeleteFileAsync(FtpPath path, CancellationToken cancellationToken) => StorageFailure.Translate(DeleteAsync(path, cancellationToken));

    public ValueTask RenameAsync(FtpPath from, FtpPath to, CancellationToken cancellationToken) => StorageFailure.Translate(MoveAsync(from, to, cancellationToken));

    public async ValueTask<IReadOnlyList<string>?> ChangeDirectoryAsync(FtpPath path, CancellationToken cancellationToken)
    {
        Place place = await WalkAsync(path, follow: true, cancellationToken).ConfigureAwait(false);
        if (!place.Existing.IsDirectory)
            throw new FtpDriverException(FtpError.NotADirectory);
        return place.Inner == FtpPermissions.None ? throw new FtpDriverException(FtpError.PermissionDenied) : await ReadMessageAsync(path, cancellationToken).ConfigureAwait(false);
    }

    private ValueTask<Place> WalkAsync(FtpPath path, bool follow, CancellationToken cancellationToken) => StorageFailure.Translate(_walker.WalkAsync(path, follow, cancellationToken));

    private async ValueTask<FtpEntry?> GetEntryAsync(FtpPath path, CancellationToken cancellationToken)
    {
        Place place = await _walker.WalkAsync(path, follow: true, cancellationToken).ConfigureAwait(false);
        if (place.Link is FileRow link)
            return EntryMapping.ToEntry(link with { Name = path.Name }, Shown(place), ShownPermissions(place));
        return place.Row is FileRow row ? EntryMapping.ToEntry(row, ShownPermissions(place)) : null;
    }

    private async ValueTask<FtpEntry> FollowAsync(FtpPath directory, FileRow link, FtpPermissions permissions, CancellationToken cancellationToken)
    {
        Place target = await WalkAsync(directory.Append(link.Name), follow: true, cancellationToken).ConfigureAwait(false);
        FileRow? shown = Shown(target);
        return EntryMapping.ToEntry(link, shown, account.Rules.Count == 0 ? null : shown is null ? permissions : ShownPermissions(target));
    }

    /// <summary>What a link may tell of its target: nothing if a rule forbids to list and to read it there.</summary>
    private FileRow? Shown(Place target) => ShownPermissions(target) is { } permissions && (permissions & (FtpPermissions.List | FtpPermissions.Read)) == 0 ? null : target.Row;

    private FtpPermissions? ShownPermissions(Place place) => account.Rules.Count == 0 ? null : place.Row is { IsDirectory: true } ? place.Inner : place.Permissions;

    private FtpPermissions? ShownPermissions(FileRow row, FtpPermissions outer) =>
        account.Rules.Count == 0 ? null : row.IsDirectory && account.Rules.TryGetValue(row.Id, out FtpPermissions inner) ? inner : outer;

    private async ValueTask MakeAsync(FtpPath path, int mode, CancellationToken cancellationToken)
    {
        Place place = await _walker.WalkToChangeAsync(path, follow: true, cancellationToken).ConfigureAwait(false);
        if (place.IsRoot || place.Row is not null || place.Link is not null)
            throw new FtpDriverException(FtpError.AlreadyExists);
        place.DemandParent().Demand(FtpPermissions.MakeDirectory);
        Names.Demand(place.Name);
        context.Space?.Take(0);
        await DemandFileQuotaAsync(cancellationToken).ConfigureAwait(false);
        Check(await context.Metadata.CreateDirectoryAsync(place.Directory, place.Name, mode, account.Name, cancellationToken).ConfigureAwait(false));
    }

    private async ValueTask RemoveAsync(FtpPath path, CancellationToken cancellationToken)
    {
        Place place = await _walker.WalkToChangeAsync(path, follow: false, cancellationToken).ConfigureAwait(false);
        FileRow row = place.DemandParent().Existing;
        // Clients remove a link to a directory as they remove a directory; the link goes, and its target stays.
        if (row.Link is not null)
        {
            await DeleteAsync(path, cancellationToken).ConfigureAwait(false);
            return;
        }
        if (!row.IsDirectory)
            throw new FtpDriverException(FtpError.NotADirectory);
        DemandDeletable(place);
        Check(await context.Metadata.RemoveDirectoryAsync(row, cancellationToken).ConfigureAwait(false));
    }

    private async ValueTask DeleteAsync(FtpPath path, CancellationToken cancellationToken)
    {
        Place place = await _walker.WalkToChangeAsync(path, follow: false, cancellationToken).ConfigureAwait(false);
        FileRow row = place.DemandParent().Existing;
        if (row.IsDirectory)
            throw new FtpDriverException(FtpError.IsADirectory);
        place.Demand(FtpPermissions.Delete);
        // Exactly this one: a unit that is run again, or arrives late, must not remove what somebody has stored in between.
        for (int attempt = 1; ; attempt++)
        {
            TreeResult result = await context.Metadata.DeleteFileAsync(place.Directory, place.Name, row, cancellationToken).ConfigureAwait(false);
            if (result.Outcome != Outcome.NotFound || attempt == OpenAttempts)
            {
                Check(result);
                return;
            }
            FileContent now = await context.Metadata.ReadContentAsync(place.Directory, place.Name, 0, 1, cancellationToken).ConfigureAwait(false) ?? throw new FtpDriverException(FtpError.NotFound);
            if (now.File.IsDirectory)
                throw new FtpDriverException(FtpError.IsADirectory);
            row = now.File;
        }
    }

    private async ValueTask MoveAsync(FtpPath from, FtpPath to, CancellationToken cancellationToken)
    {
        Place source = await _walker.WalkToChangeAsync(from, follow: false, cancellationToken).ConfigureAwait(false);
        FileRow row = source.DemandParent().Demand(FtpPermissions.Rename).Existing;
        if (to.IsRoot)
            throw new FtpDriverException(FtpError.IsADirectory);
        Place target = await _walker.WalkToChangeAsync(to, follow: false, cancellationToken).ConfigureAwait(false);
        target.DemandParent().Demand(FtpPermissions.Rename);
        if (row.IsDirectory && target.Path.IsWithin(source.Path) && target.Path != source.Path)
            throw new FtpDriverException(FtpError.NameNotAllowed);
        if (target.Row is { } replaced && replaced.Id != row.Id)
        {
            if (replaced.IsDirectory)
                throw new FtpDriverException(FtpError.IsADirectory);
            if ((target.Permissions & (FtpPermissions.Write | FtpPermissions.Delete)) == 0)
                throw new FtpDriverException(FtpError.PermissionDenied);
        }
        Names.Demand(target.Name);
        // An entry that changed meanwhile is moved as it is now. One that another client moved away, or put there instead, is not the one that was asked for.
        for (int attempt = 1; ; attempt++)
        {
            TreeResult result = await context.Metadata.RenameAsync(row, target.Directory, target.Name, cancellationToken).ConfigureAwait(false);
            if (result.Outcome != Outcome.Conflict || attempt == OpenAttempts)
            {
                Check(result);
                return;
            }
            FileContent? now = await context.Metadata.ReadContentAsync(row.Directory, row.Name, 0, 1, cancellationToken).ConfigureAwait(false);
            row = now?.File.Id == row.Id ? now.File : throw new FtpDriverException(FtpError.NotFound);
        }
    }

    /// <summary>A directory can be removed if it could be emptied too.</summary>
    private static void DemandDeletable(Place place)
    {
        if ((place.Permissions & place.Inner & FtpPermissions.Delete) == 0)
            throw new FtpDriverException(FtpError.PermissionDenied);
    }

    /// <summary>Directories and links are not counted, but an account that has used up its files cannot go on making them for ever.</summary>
    private async ValueTask DemandFileQuotaAsync(CancellationToken cancellationToken)
    {
        if (account.QuotaFiles is not long quota)
            return;
        Usage usage = await context.Metadata.GetUsageAsync(account.Name, cancellationToken).ConfigureAwait(false);
        if (usage.Files >= quota)
            throw new FtpDriverException(FtpError.QuotaExceeded);
    }

    private static void Check(TreeResult result)
    {
        if (result.Outcome != Outcome.Done)
            throw StorageFailure.Of(result.Outcome);
    }
}
