using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Metadata;
using ZeroFtp.Storage.Objects;

namespace ZeroFtp.Storage.Content;

/// <summary>
/// Reads a small extent so that its bytes can be written again together with their neighbours. Damaged bytes would become valid there, under a new hash. The
/// reader fails for such bytes, and they stay where they are.
/// </summary>
internal static class SmallContent
{
    /// <summary>Extents shorter than this are rewritten together with their neighbour.</summary>
    public const long Length = 256 << 10;

    /// <summary>The whole object is read to verify its hash; a longer object is not read for that purpose.</summary>
    public const long MaxObject = 1 << 20;

    /// <summary>Returns the extent's bytes; null if the object is long.</summary>
    /// <exception cref="FtpDriverException">Unavailable: the object cannot be read, or is damaged.</exception>
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
