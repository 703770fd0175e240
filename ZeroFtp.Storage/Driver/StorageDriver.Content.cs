using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Metadata;

namespace ZeroFtp.Storage.Driver;

/// <summary>Reading and writing files.</summary>
internal sealed partial class StorageDriver
{
    /// <summary>Maximum number of times a file is looked up again because it was replaced while it was being opened.</summary>
    private const int OpenAttempts = 5;

    public ValueTask<IDownload> OpenReadAsync(FtpPath path, long offset, CancellationToken cancellationToken) => StorageFailure.Translate(OpenAsync(path, offset, cancellationToken));

    public ValueTask CheckWriteAsync(UploadRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return StorageFailure.Translate(CheckAsync(request, cancellationToken));
    }

    public ValueTask<IUpload> OpenWriteAsync(UploadRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return StorageFailure.Translate(PlanAsync(request, cancellationToken));
    }

    public ValueTask<AllocationAnswer> CanAllocateAsync(long length, CancellationToken cancellationToken) => StorageFailure.Translate(AllocateAsync(length, cancellationToken));

    private async ValueTask CheckAsync(UploadRequest request, CancellationToken cancellationToken) =>
        await _planner.CheckAsync(request, await _walker.WalkToChangeAsync(request.Path, follow: true, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);

    private async ValueTask<IUpload> PlanAsync(UploadRequest request, CancellationToken cancellationToken) =>
        await _planner.OpenAsync(request, await _walker.WalkToChangeAsync(request.Path, follow: true, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);

    private async ValueTask<IDownload> OpenAsync(FtpPath path, long offset, CancellationToken cancellationToken)
    {
        Place place = await WalkToFileAsync(path, FtpPermissions.Read, cancellationToken).ConfigureAwait(false);
        for (int attempt = 1; ; attempt++)
        {
            IDisposable registration = context.Reads.Begin();
            StorageDownload? download = null;
            try
            {
                long server = context.Metadata.ServerId;
                FileContent content = await ReadExtentsAsync(place, offset, cancellationToken).ConfigureAwait(false);
                if (offset > content.File.Size)
                    throw new FtpDriverException(FtpError.InvalidOffset);
                long length = content.File.Size - offset;
                ExtentPages extents = new(context, content, server);
                download = context.Objects.IsRemote || length == 0
                    ? new StorageDownload(context, extents, offset, length, registration)
                    : new FileStorageDownload(context, extents, offset, length, registration);
                await download.StartAsync(cancellationToken).ConfigureAwait(false);
                return download;
            }
            catch (Exception exception)
            {
                if (download is not null)
                    await download.DisposeAsync().ConfigureAwait(false);
                registration.Dispose();
                if (download is null || attempt == OpenAttempts || exception is not FtpDriverException { Error: FtpError.Unavailable } || !await HasChangedAsync(place, cancellationToken).ConfigureAwait(false))
                    throw;
            }
        }
    }

    /// <summary>Returns the file as it is now, with its first extents from the offset on.</summary>
    private async ValueTask<FileContent> ReadExtentsAsync(Place place, long offset, CancellationToken cancellationToken)
    {
        FileContent content = await context.Metadata.ReadContentAsync(place.Directory, place.Name, offset, ExtentPages.Length, cancellationToken).ConfigureAwait(false) ?? throw new FtpDriverException(FtpError.NotFound);
        return content.File.IsDirectory || content.File.Link is not null ? throw new FtpDriverException(content.File.IsDirectory ? FtpError.IsADirectory : FtpError.NotAPlainFile) : content;
    }

    /// <summary>True if the file's content has changed since the place was resolved: the objects that were looked for may then legitimately be gone.</summary>
    private async ValueTask<bool> HasChangedAsync(Place place, CancellationToken cancellationToken)
    {
        FileContent? now = await context.Metadata.ReadContentAsync(place.Directory, place.Name, 0, 1, cancellationToken).ConfigureAwait(false);
        return now is null || now.File.Version != place.Row!.Version;
    }

    private async ValueTask<Place> WalkToFileAsync(FtpPath path, FtpPermissions permissions, CancellationToken cancellationToken) =>
        DemandFile(await _walker.WalkAsync(path, follow: true, cancellationToken).ConfigureAwait(false), permissions);

    /// <summary>The same for a file that the following command copies or moves.</summary>
    private async ValueTask<Place> WalkToSourceAsync(FtpPath path, FtpPermissions permissions, CancellationToken cancellationToken) =>
        DemandFile(await _walker.WalkToChangeAsync(path, follow: true, cancellationToken).ConfigureAwait(false), permissions);

    private static Place DemandFile(Place place, FtpPermissions permissions)
    {
        FileRow row = place.Existing;
        if (row.IsDirectory)
            throw new FtpDriverException(FtpError.IsADirectory);
        return place.Demand(permissions);
    }

    private async ValueTask<AllocationAnswer> AllocateAsync(long length, CancellationToken cancellationToken)
    {
        if (length > context.Options.MaxFileBytes || (account.QuotaBytes is not null && length > await GetQuotaLeftAsync(cancellationToken).ConfigureAwait(false)))
            return AllocationAnswer.QuotaExceeded;
        if (context.Space is null)
            return account.QuotaBytes is null ? AllocationAnswer.NotChecked : AllocationAnswer.Available;
        return length > context.Space.AvailableBytes ? AllocationAnswer.InsufficientStorage : AllocationAnswer.Available;
    }

    private async ValueTask<long> GetQuotaLeftAsync(CancellationToken cancellationToken)
    {
        if (account.QuotaBytes is not long quota)
            return long.MaxValue;
        Usage usage = await context.Metadata.GetUsageAsync(account.Name, cancellationToken).ConfigureAwait(false);
        return Math.Max(0, quota - usage.Bytes);
    }
}
