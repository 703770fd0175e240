using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Content;
using ZeroFtp.Storage.Metadata;

namespace ZeroFtp.Storage.Driver;

/// <summary>The extents of one version of a file, read page by page while they are used, so that opening a file of any length takes the same memory.</summary>
/// <param name="context">The store; the reader must be registered in <see cref="StorageContext.Reads"/>.</param>
/// <param name="content">The file as it was opened, with its first extents.</param>
/// <param name="server">The identity of this front-end before the file was opened.</param>
internal sealed class ExtentPages(StorageContext context, FileContent content, long server)
{
    /// <summary>The number of extents in a page. One page is in memory at a time.</summary>
    public const int Length = 1_000;

    private IReadOnlyList<Extent> _page = content.Extents;
    private int _next;

    /// <summary>Returns the next extent if it is in memory.</summary>
    public Extent? Peek => _next < _page.Count ? _page[_next] : null;

    /// <summary>True if <see cref="FillAsync"/> must be called before there is a next extent.</summary>
    public bool MustFill => _next == _page.Count && _page.Count > 0 && _page[^1].End < content.File.Size;

    public void Advance() => _next++;

    /// <summary>Returns to the beginning. Only valid while the first page is the one in memory.</summary>
    public void Restart() => _next = 0;

    /// <summary>Reads the next page.</summary>
    /// <exception cref="FtpDriverException">
    /// Unavailable: the file has changed, and this front-end was declared dead meanwhile, so that others may have deleted what it was reading.
    /// </exception>
    public async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        long from = _page[^1].End;
        IReadOnlyList<Extent>? page =
            await StorageFailure.Translate(context.Metadata.ReadSnapshotAsync(content.File, server, from, Length, cancellationToken)).ConfigureAwait(false);
        if (page is not [Extent first, ..] || first.Start != from)
            throw new FtpDriverException(FtpError.Unavailable, "The file has changed and the content that was being read may be deleted: this front-end stood still for longer than its lifetime. Read the file again.");
        (_page, _next) = (page, 0);
    }
}
