using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Accounts;
using ZeroFtp.Storage.Content;
using ZeroFtp.Storage.Metadata;

namespace ZeroFtp.Storage.Driver;

/// <summary>Decides whether an upload is allowed, and what it builds on.</summary>
internal sealed class UploadPlanner(StorageContext context, SessionAccount account)
{
    /// <summary>Checks everything that can be known before a byte arrives. Has no effect. Queries the database only for an account with a quota.</summary>
    /// <returns>Maximum number of bytes that may be uploaded.</returns>
    public ValueTask<long> CheckAsync(UploadRequest request, Place place, CancellationToken cancellationToken) => CheckAsync(request, place, [], cancellationToken);

    /// <summary>The same for a join, whose result frees the space of its parts.</summary>
    public async ValueTask<long> CheckAsync(UploadRequest request, Place place, IReadOnlyList<FileRow> parts, CancellationToken cancellationToken)
    {
        place.DemandParent();
        FileRow? row = place.Row;
        if (row is null)
            Names.Demand(place.Name);
        place.Demand(row is not null && request.Mode == UploadMode.Append ? FtpPermissions.Append : FtpPermissions.Write);
        if (row is { IsDirectory: true })
            throw new FtpDriverException(FtpError.IsADirectory);
        if (row is { Link: not null })
            throw new FtpDriverException(FtpError.NotAPlainFile);
        if (row is not null && request.Mode == UploadMode.CreateNew)
            throw new FtpDriverException(FtpError.AlreadyExists);
        if (request.Mode == UploadMode.Overwrite && request.Offset > (row?.Size ?? 0))
            throw new FtpDriverException(FtpError.InvalidOffset);
        long replaced = Replaced(request, row);
        if (replaced == 0)
            context.Space?.Take(0);
        long limit = await GetLimitAsync(request, row, parts, cancellationToken).ConfigureAwait(false);
        if (request.ExpectedLength is long expected)
        {
            if (expected > limit)
                throw new FtpDriverException(FtpError.QuotaExceeded);
            if (expected > replaced && expected > context.Space?.AvailableBytes)
                throw new FtpDriverException(FtpError.InsufficientStorage);
        }
        return limit;
    }

    /// <summary>Opens the upload. One that builds on a file costs one database query, any other none.</summary>
    public async ValueTask<IUpload> OpenAsync(UploadRequest request, Place place, CancellationToken cancellationToken)
    {
        long limit = await CheckAsync(request, place, cancellationToken).ConfigureAwait(false);
        FileContent? content = await ReadBaseAsync(request, place, cancellationToken).ConfigureAwait(false);
        Extent? tail = content is { Extents: [Extent last, ..] } ? FindTail(last, request.Mode == UploadMode.Append ? content.File.Size : request.Offset) : null;
        bool mayAppend = (place.Permissions & FtpPermissions.Append) != 0;
        Quota quota = await Quota.FindAsync(context.Metadata, account, content?.File, cancellationToken).ConfigureAwait(false);
        return new StorageUpload(context, account, request, Plan(request, place, content?.File), quota, tail, limit, mayAppend, Replaced(request, place.Row));
    }

    /// <summary>Opens an upload of content that is referenced, not received.</summary>
    /// <param name="request">What is stored; it replaces the file or is appended to it.</param>
    /// <param name="place">The target.</param>
    /// <param name="sources">The files whose content is added.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async ValueTask<JoinedContent> JoinAsync(UploadRequest request, Place place, IReadOnlyList<FileRow> sources, CancellationToken cancellationToken)
    {
        FileContent? content = await ReadBaseAsync(request, place, cancellationToken).ConfigureAwait(false);
        long length = (content?.File.Size ?? 0) + sources.Sum(static source => source.Size);
        UploadPlan plan = Plan(request, place, content?.File) with { KeepPartial = false };
        if (content is not null && await CountExtentsAsync(sources, cancellationToken).ConfigureAwait(false) > JoinedContent.MaxAdded)
            return CopyBase(content.File, plan, length, request.Path);
        JoinedContent joined = new(context, plan, request.Path, SmallLength(length), MaxExtents(length));
        if (content is { Extents: [Extent last, ..] })
            joined.Begin(await context.Metadata.CountExtentsAsync(content.File, MaxExtents(length) + 1, cancellationToken).ConfigureAwait(false), FindTail(last, content.File.Size));
        return joined;
    }

    /// <summary>
    /// Builds content that starts with that of the base and is published in its place. Appending moves all added extents in one unit; beyond a certain number
    /// that unit would block all others. Therefore the base is referenced first, in bounded units, and the publication only exchanges the two contents, if the
    /// base is still the same.
    /// </summary>
    private JoinedContent CopyBase(FileRow file, UploadPlan plan, long length, FtpPath path)
    {
        UploadPlan whole = plan with { Kind = UploadKind.Replace, Owner = file.Owner, FileMode = file.Mode };
        return new JoinedContent(context, whole, path, SmallLength(length), MaxExtents(length)) { First = file };
    }

    private async ValueTask<long> CountExtentsAsync(IReadOnlyList<FileRow> files, CancellationToken cancellationToken)
    {
        long count = 0;
        for (int i = 0; i < files.Count && count <= JoinedContent.MaxAdded; i++)
            count += await context.Metadata.CountExtentsAsync(files[i], JoinedContent.MaxAdded + 1, cancellationToken).ConfigureAwait(false);
        return count;
    }

    /// <summary>Returns the maximum number of extents of a file of this length.</summary>
    private long MaxExtents(long length) => context.Options.MaxFileExtents + (length / context.Objects.MaxObjectLength);

    /// <summary>
    /// Returns the length below which an extent counts as small in a file of this length. The longer the file, the longer its extents must be for their number
    /// to stay below the limit.
    /// </summary>
    private long SmallLength(long length) =>
        Math.Min(Math.Clamp(length / Math.Max(1, context.Options.MaxFileExtents / 4), SmallContent.Length, SmallContent.MaxObject), context.Objects.MaxObjectLength / 2);

    /// <summary>
    /// Returns the current state of what the upload builds on, with the extent just before the position of the new bytes; null if there is nothing.
    /// </summary>
    private async ValueTask<FileContent?> ReadBaseAsync(UploadRequest request, Place place, CancellationToken cancellationToken)
    {
        if (place.Row is not FileRow row || request.Mode is not (UploadMode.Append or UploadMode.Overwrite))
            return null;
        long position = request.Mode == UploadMode.Append ? row.Size : request.Offset;
        FileContent? content = await context.Metadata.ReadContentAsync(place.Directory, place.Name, Math.Max(0, position - 1), 1, cancellationToken).ConfigureAwait(false);
        if (content is { File.IsDirectory: true })
            throw new FtpDriverException(FtpError.IsADirectory);
        return request.Offset <= (content?.File.Size ?? 0) ? content : throw new FtpDriverException(FtpError.InvalidOffset);
    }

    private UploadPlan Plan(UploadRequest request, Place place, FileRow? row) => new()
    {
        Key = context.Metadata.NewKey(),
        Directory = place.Directory,
        Name = place.Name,
        Owner = account.Name,
        Server = context.Metadata.ServerId,
        // A file that does not exist is created instead of changed.
        Kind = request.Mode == UploadMode.Overwrite && row is null ? UploadKind.Replace : ToKind(request.Mode),
        Base = row,
        Offset = request.Mode == UploadMode.Overwrite && row is not null ? request.Offset : 0,
        FileMode = request.FileMode,
        KeepPartial = context.Options.KeepPartialUploads,
        Started = context.Now,
    };

    /// <summary>Returns the number of bytes that the publication will free: on a full disk that many may be stored first.</summary>
    private static long Replaced(UploadRequest request, FileRow? row) => request.Mode == UploadMode.Replace ? row?.Size ?? 0 : 0;

    private static UploadKind ToKind(UploadMode mode) => mode switch
    {
        UploadMode.CreateNew => UploadKind.CreateNew,
        UploadMode.Append => UploadKind.Append,
        UploadMode.Overwrite => UploadKind.Overwrite,
        _ => UploadKind.Replace,
    };

    /// <summary>Returns the part before the position of the extent that ends at or contains it, if that is small.</summary>
    private Extent? FindTail(Extent last, long position)
    {
        long length = Math.Min(last.End, position) - last.Start;
        return position > 0 && last.End >= position && length > 0 && length <= Math.Min(SmallContent.Length, context.Objects.MaxObjectLength / 2) ? last with { Length = length } : null;
    }

    private async ValueTask<long> GetLimitAsync(UploadRequest request, FileRow? row, IReadOnlyList<FileRow> parts, CancellationToken cancellationToken)
    {
        long kept = row is null ? 0 : request.Mode switch { UploadMode.Append => row.Size, UploadMode.Overwrite => request.Offset, _ => 0 };
        long limit = context.Options.MaxFileBytes is long most ? Math.Max(0, most - kept) : long.MaxValue;
        bool changes = row is not null && request.Mode is UploadMode.Append or UploadMode.Overwrite;
        Quota quota = await Quota.FindAsync(context.Metadata, account, changes ? row : null, cancellationToken).ConfigureAwait(false);
        if (quota.IsNone)
            return limit;
        Usage usage = await context.Metadata.GetUsageAsync(quota.Owner, cancellationToken).ConfigureAwait(false);
        bool isOwn = row is not null && string.Equals(row.Owner, quota.Owner, StringComparison.Ordinal);
        List<FileRow> freed = [.. parts.Where(part => string.Equals(part.Owner, quota.Owner, StringComparison.Ordinal))];
        if (!isOwn && freed.Count == 0 && usage.Files >= quota.Files)
            throw new FtpDriverException(FtpError.QuotaExceeded);
        if (quota.Bytes is not long bytes)
            return limit;
        long replaced = isOwn ? request.Mode switch { UploadMode.Append => 0, UploadMode.Overwrite => row!.Size - request.Offset, _ => row!.Size } : 0;
        long left = bytes - usage.Bytes + replaced;
        // An owner at the limit, or beyond it since it was lowered, may still join files.
        if (freed.Count > 0)
            return Math.Min(limit, Math.Max(left, 0) + freed.Sum(static part => part.Size));
        return left > 0 ? Math.Min(limit, left) : throw new FtpDriverException(FtpError.QuotaExceeded);
    }
}
