using System.Runtime.CompilerServices;
using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Protocol.Listing;

/// <summary>What a pathname with patterns stands for, found by listing directories from the first pattern on.</summary>
internal sealed class GlobExpansion(IClientHandlingDriver driver, ListingBudget budget, Func<FtpEntry, bool> shows)
{
    /// <summary>All matches in the order of their names, each with its pathname in the client's own manner: relative if the pattern was.</summary>
    public async IAsyncEnumerable<(FtpEntry Entry, string Pathname)> ExpandAsync(FtpPath directory, string pattern, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string[] parts = pattern.Split('/', StringSplitOptions.RemoveEmptyEntries);
        bool wantsDirectory = FtpPath.MeansDirectory(pattern);
        bool isAbsolute = pattern.StartsWith('/');
        Stack<Place> places = new([new Place(isAbsolute ? FtpPath.Root : directory, isAbsolute ? "/" : "", 0)]);
        while (places.TryPop(out Place place))
        {
            while (place.Next < parts.Length && !Glob.IsPattern(parts[place.Next]))
                place = place.Enter(parts[place.Next]);
            if (place.Next == parts.Length)
            {
                FtpEntry? entry = await driver.GetFileInfoAsync(place.Path, cancellationToken).ConfigureAwait(false);
                if (entry is not null && (entry.IsDirectory || (!wantsDirectory && entry.Allows(FtpPermissions.List))))
                    yield return (entry, place.Pathname);
                continue;
            }
            if (!budget.TakeDirectory())
                yield break;
            bool isLast = place.Next == parts.Length - 1;
            List<Place> found = [];
            await foreach (FtpEntry entry in MatchAsync(place.Path, new Glob(parts[place.Next]), cancellationToken).ConfigureAwait(false))
            {
                if (isLast && (entry.IsDirectory || !wantsDirectory))
                    yield return (entry, place.Join(entry.Name));
                else if (!isLast && entry.IsDirectory)
                    found.Add(place.Enter(entry.Name));
            }
            for (int index = found.Count - 1; index >= 0; index--)
                places.Push(found[index]);
            if (budget.IsSpent)
                yield break;
        }
    }

    private async IAsyncEnumerable<FtpEntry> MatchAsync(FtpPath directory, Glob glob, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IAsyncEnumerator<FtpEntry> entries = driver.ListFilesAsync(directory, cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using ConfiguredAsyncDisposable disposal = entries.ConfigureAwait(false);
        while (true)
        {
            try
            {
                if (!await entries.MoveNextAsync().ConfigureAwait(false))
                    yield break;
            }
            catch (FtpDriverException exception) when (exception.Error is FtpError.NotFound or FtpError.NotADirectory or FtpError.PermissionDenied)
            {
                // What cannot be listed matches nothing.
                yield break;
            }
            FtpEntry entry = entries.Current;
            if (!budget.TakeEntry())
                yield break;
            if (shows(entry) && glob.IsMatch(entry.Name))
                yield return entry;
        }
    }

    /// <summary>How far a pathname has been followed.</summary>
    private readonly record struct Place(FtpPath Path, string Pathname, int Next)
    {
        public Place Enter(string part) => new(Path.TryResolve(part, out FtpPath path) ? path : Path, Join(part), Next + 1);

        public string Join(string part) => Pathname.Length == 0 || Pathname.EndsWith('/') ? Pathname + part : Pathname + "/" + part;
    }
}
