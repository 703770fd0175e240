using System.Runtime.InteropServices;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Accounts;
using ZeroFtp.Storage.Metadata;

namespace ZeroFtp.Storage.Driver;

/// <summary>
/// Resolves the paths of a session: below the account's root and never outside, through symbolic links, with the permissions that apply there.
/// </summary>
internal sealed class PathWalker(IMetadataStore metadata, SessionAccount account, int maxLinks)
{
    private const int MaxDepth = 1_000;
    private const int MaxEntries = 2;

    /// <summary>Walks to the path, to read what is there: the answer may be as old as the store's coherence allows.</summary>
    /// <param name="path">The path.</param>
    /// <param name="follow">Whether a link at the path's end is followed; those on the way always are.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public ValueTask<Place> WalkAsync(FtpPath path, bool follow, CancellationToken cancellationToken) => WalkAsync(path, follow, toChange: false, cancellationToken);

    /// <summary>
    /// Walks to the path, to change what is there. Every directory on the way is resolved in the store as it is now: a directory that was moved away under a
    /// path that memory still knows must not get the change that was meant for the one that has taken its name.
    /// </summary>
    public ValueTask<Place> WalkToChangeAsync(FtpPath path, bool follow, CancellationToken cancellationToken) => WalkAsync(path, follow, toChange: true, cancellationToken);

    /// <remarks>
    /// A path enters one place through links twice at most. Without that, links to a directory above make a tree without end: with two links to the parent, a client that follows links finds 65,536 paths before it
    /// meets the limit of 16 links. Once would be too few: <c>/current/shared</c>, where current leads to a release and shared to <c>/current/lib</c>, enters the release twice and is no loop.
    /// </remarks>
    private async ValueTask<Place> WalkAsync(FtpPath path, bool follow, bool toChange, CancellationToken cancellationToken)
    {
        FileRow? link = null;
        Dictionary<string, int>? entered = null;
        for (int links = 0; ; links++)
        {
            string[] names = path.IsRoot ? [] : path.Text[1..].Split('/');
            if (names.Length > MaxDepth)
                return new Place { Path = path, Link = link, Error = FtpError.NotFound };
            if (names.Length == 0)
                return await RootAsync(link, cancellationToken).ConfigureAwait(false);
            Resolution walk = toChange
                ? await metadata.ResolveToChangeAsync(account.Home, names, cancellationToken).ConfigureAwait(false)
                : await metadata.ResolveAsync(account.Home, names, cancellationToken).ConfigureAwait(false);
            int reached = walk.Found.Count;
            FileRow? last = reached > 0 ? walk.Found[reached - 1] : null;
            if (last?.Link is null || (reached == names.Length && !follow))
                return Arrive(path, names.Length, walk.Found, link);
            if (reached == names.Length)
                link ??= last;
            if (!TryFollow(names, reached, last.Link, out FtpPath target, out path))
                return new Place { Path = path, Link = link, Error = FtpError.NotFound };
            if (links == maxLinks || !MayEnter(entered ??= new Dictionary<string, int>(StringComparer.Ordinal), target.Text))
                return new Place { Path = path, Link = link, Error = FtpError.LinkLoop };
        }
    }

    /// <summary>The session's root as an entry of its own.</summary>
    private async ValueTask<Place> RootAsync(FileRow? link, CancellationToken cancellationToken)
    {
        FtpPermissions permissions = Within(account.Permissions, account.Home);
        FileRow? row = await metadata.GetDirectoryAsync(account.Home, cancellationToken).ConfigureAwait(false);
        return new Place { Path = FtpPath.Root, Row = row is null ? null : row with { Name = "" }, Link = link, Permissions = permissions, Inner = permissions };
    }

    private Place Arrive(FtpPath path, int length, IReadOnlyList<FileRow> found, FileRow? link)
    {
        FtpPermissions outer = FtpPermissions.None;
        FtpPermissions inner = Within(account.Permissions, account.Home);
        long directory = account.Home;
        for (int i = 0; i < found.Count; i++)
        {
            outer = inner;
            inner = Within(inner, found[i].Id);
            if (i < length - 1)
                directory = found[i].Id;
        }
        if (found.Count == length)
            return new Place { Path = path, Directory = directory, Row = found[^1], Link = link, Permissions = outer, Inner = inner };
        if (found.Count > 0 && !found[^1].IsDirectory)
            return new Place { Path = path, Link = link, Permissions = outer, Error = FtpError.NotADirectory };
        return new Place { Path = path, Directory = directory, Link = link, Permissions = inner, Inner = inner, Error = found.Count < length - 1 ? FtpError.NotFound : null };
    }

    private FtpPermissions Within(FtpPermissions outside, long directory) =>
        account.Rules.Count > 0 && account.Rules.TryGetValue(directory, out FtpPermissions permissions) ? permissions : outside;

    private static bool MayEnter(Dictionary<string, int> entered, string place)
    {
        ref int times = ref CollectionsMarshal.GetValueRefOrAddDefault(entered, place, out _);
        return ++times <= MaxEntries;
    }

    private static bool TryFollow(string[] names, int reached, string link, out FtpPath target, out FtpPath path)
    {
        FtpPath parent = reached == 1 ? FtpPath.Root : FtpPath.Parse("/" + string.Join('/', names, 0, reached - 1));
        if (!parent.TryResolve(link, out target))
        {
            path = target;
            return false;
        }
        path = target;
        return reached == names.Length || target.TryResolve(string.Join('/', names, reached, names.Length - reached), out path);
    }
}
