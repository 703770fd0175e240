using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Content;
using ZeroFtp.Storage.Objects;

namespace ZeroFtp.Storage.Driver;

/// <summary>A download whose objects are files, which the engine may send without reading them.</summary>
internal sealed class FileStorageDownload(StorageContext context, ExtentPages extents, long offset, long length, IDisposable registration)
    : StorageDownload(context, extents, offset, length, registration), IFileBackedDownload
{
    private IFileObjectReader? _reader;

    public async ValueTask<FileRegion?> NextRegionAsync(CancellationToken cancellationToken)
    {
        FileRegion? region = null;
        while (region is null)
        {
            _reader ??= await NextAsync(cancellationToken).ConfigureAwait(false) as IFileObjectReader;
            if (_reader is null)
                return null;
            region = await ReportAsync(_reader.NextRegionAsync(cancellationToken)).ConfigureAwait(false);
            if (region is null)
                _reader = null;
        }
        return region;
    }
}
