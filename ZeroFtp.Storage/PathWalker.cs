using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Accounts;
using ZeroFtp.Storage.Metadata;

namespace ZeroFtp.Storage;

/// <summary>Finds what a session's paths name: below the account's root and never outside, through symbolic links, and with the permissions that hold there.</summary>
internal sealed class PathWalker(IMetadataStore metadata, SessionAccount account, int maxLinks)
{
    private const int MaxDepth = 1_000;

    /// <summary>Walks to the path, to read what is there: the answer may be as old as the store's coherence allows.</summary>
    /// <param name="path">The path.</param>
    /// <param name="follow">Whether a link at the path's end is followed; those on the way always are.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public ValueTask<Place> WalkAsync(FtpPath path, bool follow, CancellationToken cancellationToken) => WalkAsync(path, follow, toChange: false, cancellationToken);

    /// <summary>
    /// Walks to the path, to change what is there. Every directory on the way is resolved in the store as it is now: a directory that was moved away under a path that memory still knows must not get
    /// the change that was meant for the one that has taken its name.
    /// </summary>
    public ValueTask<Place> WalkToChangeAsync(FtpPath path, bool follow, CancellationToken cancellationToken) => WalkAsync(path, follow, toChange: true, cancellationToken);

    private async ValueTask<Place> WalkAsync(FtpPath path, bool follow, bool toChange, CancellationToken cancellationToken)
    {
        FileRow? link = null;
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
            if (links == maxLinks || !TryFollow(names, reached, last.Link, out path))
                return new Place { Path = path, Link = link, Error = FtpError.NotFound };
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

    private static bool TryFollow(string[] names, int reached, string target, out FtpPath path)
    {
        FtpPath parent = reached == 1 ? FtpPath.Root : FtpPath.Parse("/" + string.Join('/', names, 0, reached - 1));
        if (!parent.TryResolve(target, out path))
            return false;
        FtpPath led = path;
        return reached == names.Length || led.TryResolve(string.Join('/', names, reached, names.Length - reached), out path);
    }
}
