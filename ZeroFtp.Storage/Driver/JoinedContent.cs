using System.Buffers;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Content;
using ZeroFtp.Storage.Metadata;

namespace ZeroFtp.Storage.Driver;

/// <summary>
/// Content that is put together from other files' (COMB, SITE CPTO, the merging of a file's own extents). A long extent is taken by reference; small ones that are neighbours are read and written again as one object, so
/// that no sequence of such commands makes a file of ever more and ever smaller extents.
/// </summary>
/// <remarks>
/// For example COMB of files with the extents [4 MiB, 10 KiB] and [20 KiB, 8 MiB] gives three extents: the one of 4 MiB by reference, an object of 30 KiB, the one of 8 MiB by reference. A small extent alone between
/// long ones is held back until its neighbour is known, and then referred to: reading it would save none.
/// </remarks>
/// <param name="context">The store.</param>
/// <param name="plan">The upload that the content becomes.</param>
/// <param name="path">Where it goes, for the log.</param>
/// <param name="small">An extent up to this length is small.</param>
/// <param name="most">How many extents the result may have.</param>
internal sealed class JoinedContent(StorageContext context, UploadPlan plan, FtpPath path, long small, long most)
{
    /// <summary>What a row of an extent takes in the database at most, with its indexes.</summary>
    private const int RowBytes = 512;

    private const int Page = 1_000;

    /// <summary>How many extents are added to a file in the unit that publishes them; more are published with the file's own as content that takes its place.</summary>
    public const int MaxAdded = 1_000;

    private readonly UploadExtents _extents = new(context, 0);
    private Piece? _held;
    private Run? _run;
    private bool _isCopying;
    private long _count;

    /// <summary>The upload, with what it repeats of its base.</summary>
    public UploadPlan Plan { get; private set; } = plan;

    public UploadExtents Extents => _extents;

    /// <summary>A file whose content comes before all that is added; null if there is none.</summary>
    public FileRow? First { get; init; }

    /// <summary>Says what is already there.</summary>
    /// <param name="count">Its extents.</param>
    /// <param name="tail">The last one, if it is small.</param>
    public void Begin(long count, Extent? tail)
    {
        _count = count;
        _held = tail is Extent extent ? new Piece(null, extent) : null;
    }

    /// <summary>Adds a file's content behind all that was added before.</summary>
    /// <exception cref="FtpDriverException">Busy: the file has changed. TooFragmented. Unavailable.</exception>
    public async ValueTask AddAsync(FileRow source, CancellationToken cancellationToken)
    {
        for (long offset = 0; offset < source.Size;)
        {
            IReadOnlyList<Extent>? page = await context.Metadata.ReadExtentsAsync(source, offset, Page, cancellationToken).ConfigureAwait(false);
            if (page is null or { Count: 0 })
                throw new FtpDriverException(FtpError.Busy, "The file has changed meanwhile.");
            foreach (Extent extent in page)
                await AddAsync(new Piece(source, extent), cancellationToken).ConfigureAwait(false);
            offset = page[^1].End;
        }
    }

    /// <summary>Completes what there is; afterwards <see cref="UploadExtents.Length"/> is all that was added.</summary>
    public async ValueTask FinishAsync(CancellationToken cancellationToken)
    {
        await ReferToHeldAsync(cancellationToken).ConfigureAwait(false);
        await EndRunAsync(cancellationToken).ConfigureAwait(false);
        await _extents.FinishAsync(Plan, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask AddAsync(Piece piece, CancellationToken cancellationToken)
    {
        if (piece.Extent.Length > small)
        {
            await ReferAsync(piece, cancellationToken).ConfigureAwait(false);
        }
        else if (_isCopying)
        {
            if (await ReadAsync(piece, cancellationToken).ConfigureAwait(false) is ReadOnlyMemory<byte> content)
                await WriteAsync(content, cancellationToken).ConfigureAwait(false);
            else
                await ReferAsync(piece, cancellationToken).ConfigureAwait(false);
        }
        else if (_held is not Piece held)
        {
            _held = piece;
        }
        else if (await ReadAsync(held, cancellationToken).ConfigureAwait(false) is ReadOnlyMemory<byte> first && await ReadAsync(piece, cancellationToken).ConfigureAwait(false) is ReadOnlyMemory<byte> second)
        {
            await CopyAsync(held, first, second, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await ReferAsync(piece, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask CopyAsync(Piece held, ReadOnlyMemory<byte> first, ReadOnlyMemory<byte> second, CancellationToken cancellationToken)
    {
        _held = null;
        await EndRunAsync(cancellationToken).ConfigureAwait(false);
        if (held.Source is null)
            Plan = Plan with { Repeats = held.Extent.Length };
        else
            Count();
        _isCopying = true;
        await WriteAsync(first, cancellationToken).ConfigureAwait(false);
        await WriteAsync(second, cancellationToken).ConfigureAwait(false);
    }

    private ValueTask WriteAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => _extents.WriteAsync(Plan, new ReadOnlySequence<byte>(content), null, cancellationToken);

    private async ValueTask ReferAsync(Piece piece, CancellationToken cancellationToken)
    {
        await ReferToHeldAsync(cancellationToken).ConfigureAwait(false);
        await ExtendRunAsync(piece, cancellationToken).ConfigureAwait(false);
        _isCopying = false;
    }

    private async ValueTask ReferToHeldAsync(CancellationToken cancellationToken)
    {
        Piece? held = _held;
        _held = null;
        // What the base ends with is where it belongs already.
        if (held is { Source: not null } piece)
            await ExtendRunAsync(piece, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask ExtendRunAsync(Piece piece, CancellationToken cancellationToken)
    {
        Count();
        if (_run is Run run && run.Source == piece.Source && run.End == piece.Extent.Start && run.Count < Page)
        {
            _run = run with { End = piece.Extent.End, Count = run.Count + 1 };
            return;
        }
        await EndRunAsync(cancellationToken).ConfigureAwait(false);
        _run = new Run(piece.Source!, piece.Extent.Start, piece.Extent.End, 1);
    }

    private async ValueTask EndRunAsync(CancellationToken cancellationToken)
    {
        if (_run is not Run run)
            return;
        _run = null;
        context.Space?.Take(run.Count * RowBytes);
        await _extents.ReferAsync(Plan, run.Source, run.Start, run.End, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Content that cannot be read is referred to: whether it can be is for its readers to find out.</summary>
    private async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(Piece piece, CancellationToken cancellationToken)
    {
        try
        {
            return await SmallContent.ReadAsync(context, piece.Extent, cancellationToken).ConfigureAwait(false);
        }
        catch (FtpDriverException exception) when (exception.Error == FtpError.Unavailable)
        {
            return null;
        }
    }

    private void Count()
    {
        if (++_count > most)
            throw new FtpDriverException(FtpError.TooFragmented, $"{path.Text} would have more than {most} extents; the setting is MaxFileExtents (storage:maxFileExtents), {context.Options.MaxFileExtents}, beyond what the length needs.");
    }

    private readonly record struct Piece(FileRow? Source, Extent Extent);

    private readonly record struct Run(FileRow Source, long Start, long End, int Count);
}
