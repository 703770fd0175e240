using System.Runtime.CompilerServices;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Options;

namespace ZeroFtp.Protocol.Listing;

/// <summary>Writes the members of a directory, and with <c>-R</c> those of the directories below it. A sorted listing holds a bounded number of entries, any other none.</summary>
internal sealed class DirectoryLister(ListingRequest request, ListOptions options, ListingBudget budget, ListingSink sink, bool isPathList, CancellationToken cancellationToken)
{
    private readonly Stack<Branch> _branches = new();
    private readonly bool _isRecursive = options.IsRecursive && request.Options.AllowRecursion;
    private readonly bool _isSorted = options.Order != ListOrder.Name || options.IsReversed;

    private readonly bool _showsDotFiles = request.Options.DotFiles == FtpDotFiles.Always
        || (request.Options.DotFiles == FtpDotFiles.OnRequest && (request.Verb == ListingVerb.Machine || options.IsAll || options.IsAlmostAll));

    /// <summary>Writes the listing of a directory that was opened already.</summary>
    /// <param name="opened">The directory, with its first entry at hand.</param>
    /// <param name="entry">What is known of the directory itself.</param>
    /// <param name="path">Where it is.</param>
    /// <param name="pathname">How the client named it; empty for the working directory.</param>
    public async ValueTask ListAsync(DirectoryCursor opened, FtpEntry entry, FtpPath path, string pathname)
    {
        Branch top = new(path, pathname, 0);
        await WriteMembersAsync(opened, entry, top).ConfigureAwait(false);
        while (!sink.IsClosed && _branches.TryPop(out Branch? branch) && budget.TakeDirectory())
            await WriteBranchAsync(branch).ConfigureAwait(false);
    }

    private async ValueTask WriteBranchAsync(Branch branch)
    {
        if (!isPathList)
            sink.WriteHeading(branch.Pathname, request.Verb == ListingVerb.Status);
        try
        {
            FtpEntry? entry = await request.Driver.GetFileInfoAsync(branch.Path, cancellationToken).ConfigureAwait(false);
            if (entry is null)
                return;
            DirectoryCursor cursor = new(request.Driver, branch.Path, cancellationToken);
            await using ConfiguredAsyncDisposable disposal = cursor.ConfigureAwait(false);
            await cursor.MoveNextAsync().ConfigureAwait(false);
            await WriteMembersAsync(cursor, entry, branch).ConfigureAwait(false);
        }
        catch (FtpDriverException exception) when (exception.Error is FtpError.NotFound or FtpError.NotADirectory or FtpError.PermissionDenied)
        {
            // It is gone, or the user may not read it: its own line in the directory above is all there is to show.
        }
    }

    private async ValueTask WriteMembersAsync(DirectoryCursor cursor, FtpEntry directory, Branch branch)
    {
        byte[] prefix = isPathList ? FtpText.Encode(branch.Prefix) : [];
        await WriteDotsAsync(directory, branch.Path, prefix).ConfigureAwait(false);
        List<Branch> below = [];
        if (_isSorted)
            await WriteSortedAsync(cursor, prefix, branch, below).ConfigureAwait(false);
        while (cursor.HasCurrent && !sink.IsClosed && Take())
        {
            if (WriteMember(cursor.Current, prefix, branch, below))
                await sink.FlushAsync(cancellationToken).ConfigureAwait(false);
            await cursor.MoveNextAsync().ConfigureAwait(false);
        }
        for (int index = below.Count - 1; index >= 0; index--)
            _branches.Push(below[index]);
    }

    private async ValueTask WriteSortedAsync(DirectoryCursor cursor, byte[] prefix, Branch branch, List<Branch> below)
    {
        List<FtpEntry> held = [];
        for (; cursor.HasCurrent && held.Count < request.Options.MaxSortedEntries && Take(); await cursor.MoveNextAsync().ConfigureAwait(false))
            held.Add(cursor.Current);

        // Of a directory that is too large the rest follows in the driver's order, so what is held must stay in it too.
        foreach (FtpEntry entry in cursor.HasCurrent ? held : Sort(held))
        {
            if (WriteMember(entry, prefix, branch, below))
                await sink.FlushAsync(cancellationToken).ConfigureAwait(false);
            if (sink.IsClosed)
                return;
        }
    }

    private IEnumerable<FtpEntry> Sort(List<FtpEntry> entries)
    {
        IEnumerable<FtpEntry> sorted = options.Order switch
        {
            ListOrder.Time => entries.OrderByDescending(entry => entry.ModifiedUtc),
            ListOrder.Size => entries.OrderByDescending(entry => entry.Size),
            _ => entries,
        };
        return options.IsReversed ? sorted.Reverse() : sorted;
    }

    private bool WriteMember(FtpEntry entry, byte[] prefix, Branch branch, List<Branch> below)
    {
        if (!_showsDotFiles && entry.Name.StartsWith('.'))
            return false;

        // Links are listed and not followed down, so no loop of them can hold the listing up.
        if (_isRecursive && entry.IsDirectory && entry.LinkTarget is null && branch.Depth < request.Options.MaxDepth)
            below.Add(branch.Enter(entry.Name));
        return sink.Write(entry, prefix, entry.Name);
    }

    private async ValueTask WriteDotsAsync(FtpEntry directory, FtpPath path, byte[] prefix)
    {
        bool isMachine = request.Verb == ListingVerb.Machine;
        if (isMachine ? (request.Facts & MlstFacts.Type) == 0 : !options.IsAll || !_showsDotFiles)
            return;
        sink.WriteDirectory(directory, "cdir"u8, prefix, ".");
        if (isMachine && path.IsRoot)
            return;
        FtpEntry? parent = await request.Driver.GetFileInfoAsync(path.Parent, cancellationToken).ConfigureAwait(false);
        if (parent is not null)
            sink.WriteDirectory(parent, "pdir"u8, prefix, "..");
    }

    private bool Take() => !_isRecursive || budget.TakeEntry();

    /// <summary>A directory to be listed.</summary>
    private sealed record Branch(FtpPath Path, string Pathname, int Depth)
    {
        /// <summary>What goes before the names of its members to make pathnames of them.</summary>
        public string Prefix => Pathname is "" or "." ? "" : Pathname.EndsWith('/') ? Pathname : Pathname + "/";

        public Branch Enter(string name) => new(Path.Append(name), (Pathname.Length == 0 ? "./" : Pathname.EndsWith('/') ? Pathname : Pathname + "/") + name, Depth + 1);
    }
}
