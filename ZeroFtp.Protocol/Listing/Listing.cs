using System.IO.Pipelines;
using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Options;

namespace ZeroFtp.Protocol.Listing;

/// <summary>The data of LIST, NLST, MLSD and STAT. Opening it finds out all that speaks against it, so that a refusal comes before the transfer is announced; copying then streams it.</summary>
internal sealed class Listing : IDownload
{
    private readonly CancellationTokenSource _cancellation = new();
    private readonly ListingRequest _request;
    private readonly ListOptions _options;
    private readonly string _pathname;
    private readonly ListingBudget _budget;
    private FtpPath _path;
    private FtpEntry? _entry;
    private DirectoryCursor? _directory;

    private Listing(ListingRequest request)
    {
        _request = request;
        ReadOnlySpan<char> pathname = request.Argument;
        if (request.Verb != ListingVerb.Machine)
            _options = ListOptions.Parse(request.Argument, out pathname);
        _pathname = pathname.ToString();
        _budget = new ListingBudget(request.Options, request.Time);
    }

    /// <summary>Unknown, as with every listing.</summary>
    public long? Length => null;

    /// <summary>What the argument named; for a pattern, the path that the pattern would be.</summary>
    public FtpPath Path => _path;

    /// <summary>Whether the argument named one object, which is all that is listed.</summary>
    public bool IsSingle => _entry is not null && _directory is null;

    /// <summary>Whether a limit of <see cref="FtpListingOptions"/> cut the listing short.</summary>
    public bool IsCut => _budget.IsSpent;

    private bool IsLong => _request.Verb == ListingVerb.Status || (_options.IsLong ?? _request.Verb == ListingVerb.List);

    /// <summary>Whether names have to be usable as arguments, as NLST promises.</summary>
    private bool IsPathList => _request.Verb == ListingVerb.Names && !IsLong;

    /// <summary>Finds what is to be listed.</summary>
    /// <exception cref="FtpDriverException">NotFound, NotADirectory (for MLSD, and for a file with a trailing slash), PermissionDenied, and whatever listing the directory throws.</exception>
    public static async ValueTask<Listing> OpenAsync(ListingRequest request, CancellationToken cancellationToken)
    {
        Listing listing = new(request);
        try
        {
            using CancellationTokenRegistration registration = listing.CancelWith(cancellationToken);
            await listing.OpenAsync().ConfigureAwait(false);
            return listing;
        }
        catch
        {
            await listing.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Streams the listing. Each line ends in CRLF, whatever the TYPE.</summary>
    public async ValueTask CopyToAsync(PipeWriter destination, long? limit, CancellationToken cancellationToken)
    {
        if (limit is not null)
            throw new ArgumentException("A listing is sent whole.", nameof(limit));
        using CancellationTokenRegistration registration = CancelWith(cancellationToken);
        ListingSink sink = new(destination, CreateFormatter());
        if (_directory is not null)
            await new DirectoryLister(_request, _options, _budget, sink, IsPathList, _cancellation.Token).ListAsync(_directory, _entry!, _path, _pathname).ConfigureAwait(false);
        else if (_entry is not null)
            sink.Write(_entry, default, _pathname.Length == 0 ? "." : _pathname);
        else
            await WriteMatchesAsync(sink).ConfigureAwait(false);
        await sink.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        if (_directory is not null)
            await _directory.DisposeAsync().ConfigureAwait(false);
        _cancellation.Dispose();
    }

    private async ValueTask OpenAsync()
    {
        if ((_request.Permissions & FtpPermissions.List) == 0)
            throw new FtpDriverException(FtpError.PermissionDenied);
        _path = _request.Directory;
        if (_pathname.Length > 0 && !_request.Directory.TryResolve(_pathname, out _path))
            throw new FtpDriverException(FtpError.NotFound);
        _entry = await _request.Driver.GetFileInfoAsync(_path, _cancellation.Token).ConfigureAwait(false);
        if (_entry is null)
        {
            if (_request.Verb == ListingVerb.Machine || !Glob.IsPattern(_pathname))
                throw new FtpDriverException(FtpError.NotFound);
            return;
        }
        if (!_entry.IsDirectory && (_request.Verb == ListingVerb.Machine || FtpPath.MeansDirectory(_pathname)))
        {
            // The driver knows why a link leads nowhere.
            if (_entry.Kind == FtpEntryKind.DanglingLink)
                await OpenDirectoryAsync().ConfigureAwait(false);
            throw new FtpDriverException(FtpError.NotADirectory);
        }
        if (_entry.IsDirectory && _options.IsDirectoryItself)
            return;
        if (!_entry.Allows(FtpPermissions.List))
            throw new FtpDriverException(FtpError.PermissionDenied);
        if (!_entry.IsDirectory)
            return;
        await OpenDirectoryAsync().ConfigureAwait(false);
    }

    private async ValueTask OpenDirectoryAsync()
    {
        _directory = new DirectoryCursor(_request.Driver, _path, _cancellation.Token);
        await _directory.MoveNextAsync().ConfigureAwait(false);
    }

    private async ValueTask WriteMatchesAsync(ListingSink sink)
    {
        GlobExpansion expansion = new(_request.Driver, _budget, entry => _request.Options.DotFiles != FtpDotFiles.Never || !entry.Name.StartsWith('.'));
        await foreach ((FtpEntry entry, string pathname) in expansion.ExpandAsync(_request.Directory, _pathname, _cancellation.Token).ConfigureAwait(false))
        {
            if (!sink.Write(entry, default, pathname))
                continue;
            await sink.FlushAsync(_cancellation.Token).ConfigureAwait(false);
            if (sink.IsClosed)
                return;
        }
    }

    private IEntryFormatter CreateFormatter()
    {
        FtpListingOptions options = _request.Options;
        if (_request.Verb == ListingVerb.Machine)
            return new FactFormatter(_request.Facts, _request.Permissions, options);
        if (!IsLong)
            return new NameFormatter(_options);
        return options.Format == FtpListFormat.MsDos ? new DosFormatter() : new LsFormatter(_request.Time.GetUtcNow().UtcDateTime, _options, options.HideOwners);
    }

    /// <summary>The driver was given a token of this listing's own, since opening and copying each have another.</summary>
    private CancellationTokenRegistration CancelWith(CancellationToken cancellationToken) =>
        cancellationToken.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), _cancellation);
}
