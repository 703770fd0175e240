using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Metadata;
using ZeroFtp.Storage.Objects;

namespace ZeroFtp.Storage;

/// <summary>Notes where an object is now that a reader has repaired. Whoever reads it next need not repair it again.</summary>
internal static class RepairRecord
{
    /// <summary>Never fails: the reader has its octets already.</summary>
    public static async ValueTask KeepAsync(StorageContext context, Extent extent, StoredObject? repaired)
    {
        if (repaired is not StoredObject young)
            return;
        try
        {
            context.Logger.ObjectRepaired(extent.Object.ReferenceIn(context.Objects), young.Reference);
            // Once written, the new object must not get lost to a cancellation.
            if (!await context.Metadata.ReplaceReferenceAsync(young.ToRow(extent.Object.Id, context.Objects), extent.Object.Reference, CancellationToken.None).ConfigureAwait(false))
                await context.Objects.DeleteAsync(young.Reference, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is MetadataException or FtpDriverException)
        {
            context.Logger.RepairNotRecorded(young.Reference, exception);
        }
    }
}
