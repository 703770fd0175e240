using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Metadata;
using ZeroFtp.Storage.Objects;

namespace ZeroFtp.Storage.Content;

/// <summary>Reads a small extent so that its bytes can be written again together with their neighbours. Damaged bytes would pass for good ones there, under their new hash: the reader fails for those, and they stay where they are.</summary>
internal static class SmallContent
{
    /// <summary>An extent shorter than this is worth writing again together with its neighbour.</summary>
    public const long Length = 256 << 10;

    /// <summary>The whole object is read, so that it can be compared with its hash; one that is longer is not read for the sake of that.</summary>
    public const long MaxObject = 1 << 20;

    /// <summary>Its bytes; null if the object is long.</summary>
    /// <exception cref="FtpDriverException">Unavailable: it cannot be read, or is damaged.</exception>
    public static async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(StorageContext context, Extent extent, CancellationToken cancellationToken)
    {
        StoredObject stored = extent.Object.ToStored(context.Objects);
        if (stored.Length > MaxObject)
            return null;
        IObjectReader reader = await context.Objects.OpenAsync(stored, 0, stored.Length, cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            ArrayBufferPipe buffer = new((int)stored.Length);
            await reader.CopyToAsync(buffer, cancellationToken).ConfigureAwait(false);
            await RepairRecord.KeepAsync(context, extent, reader.Repaired).ConfigureAwait(false);
            return buffer.Written.Slice((int)extent.ObjectOffset, (int)extent.Length);
        }
    }
}
