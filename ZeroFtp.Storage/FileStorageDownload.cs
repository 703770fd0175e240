using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Metadata;
using ZeroFtp.Storage.Objects;

namespace ZeroFtp.Storage;

/// <summary>A download whose objects are files, which the engine may send without reading them.</summary>
internal sealed class FileStorageDownload(StorageContext context, IReadOnlyList<Extent> extents, long offset, long length, IDisposable registration)
    : StorageDownload(context, extents, offset, length, registration), IFileBackedDownload
{
    private bool _isStarted;

    public async ValueTask<FileRegion?> NextRegionAsync(CancellationToken cancellationToken)
    {
        IObjectReader? reader = await NextAsync(!_isStarted, cancellationToken).ConfigureAwait(false);
        _isStarted = true;
        return reader is IFileObjectReader file ? new FileRegion(file.File, file.Offset, file.Length) : null;
    }
}
