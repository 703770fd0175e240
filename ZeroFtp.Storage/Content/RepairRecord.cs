using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Diagnostics;
using ZeroFtp.Storage.Metadata;
using ZeroFtp.Storage.Objects;

namespace ZeroFtp.Storage.Content;

/// <summary>Records the new location of repaired objects, so that the next reader need not repair them again.</summary>
internal static class RepairRecord
{
    /// <summary>Repairs an object that a check found damaged, and records its new location.</summary>
    /// <returns>True if it is good again, by this repair or by another one.</returns>
    public static async ValueTask<bool> RepairAsync(IMetadataUpkeep metadata, IObjectStore objects, ObjectRow row, StoredObject stored, CancellationToken cancellationToken)
    {
        if (await objects.RepairAsync(stored, cancellationToken).ConfigureAwait(false) is not StoredObject repaired)
            return false;
        if (repaired.Reference != stored.Reference)
            await ReplaceAsync(metadata, objects, row, repaired).ConfigureAwait(false);
        return true;
    }

    /// <summary>Records what a reader has repaired. Never fails, because the reader already has its content.</summary>
    public static async ValueTask KeepAsync(StorageContext context, Extent extent, StoredObject? repaired)
    {
        if (repaired is not StoredObject young)
            return;
        try
        {
            context.Logger.ObjectRepaired(extent.Object.ReferenceIn(context.Objects), young.Reference);
            await ReplaceAsync(context.Metadata, context.Objects, extent.Object, young).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is MetadataException or FtpDriverException)
        {
            context.Logger.RepairNotRecorded(young.Reference, exception);
        }
    }

    // Once it is written, the new object must not be lost to a cancellation. Of the old object, only what the new one does not keep is garbage. If nothing
    // names the old object any more, or another repair won, the new one is useless, but what it keeps of the old one is not its own.
    private static async ValueTask ReplaceAsync(IMetadataUpkeep metadata, IObjectStore objects, ObjectRow row, StoredObject repaired)
    {
        string? dropped = row.Reference is null ? null : objects.Subtract(row.Reference, repaired.Reference);
        if (await metadata.ReplaceReferenceAsync(repaired.ToRow(row.Id, objects), row.Reference, dropped, CancellationToken.None).ConfigureAwait(false))
            return;
        string? useless = row.Reference is null ? repaired.Reference : objects.Subtract(repaired.Reference, row.Reference);
        if (useless is not null && await objects.DeleteAsync(useless, CancellationToken.None).ConfigureAwait(false) is { } left)
            throw new FtpDriverException(FtpError.Unavailable, $"What a repair wrote in vain could not be deleted: {left}");
    }
}
