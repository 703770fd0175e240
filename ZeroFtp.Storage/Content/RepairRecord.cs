using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Diagnostics;
using ZeroFtp.Storage.Metadata;
using ZeroFtp.Storage.Objects;

namespace ZeroFtp.Storage.Content;

/// <summary>Notes where an object is now that it has been repaired. Whoever reads it next need not repair it again.</summary>
internal static class RepairRecord
{
    /// <summary>Repairs an object that a check found wanting, and notes where it is then.</summary>
    /// <returns>Whether it is good again, by this repair or by somebody else's.</returns>
    public static async ValueTask<bool> RepairAsync(IMetadataUpkeep metadata, IObjectStore objects, ObjectRow row, StoredObject stored, CancellationToken cancellationToken)
    {
        if (await objects.RepairAsync(stored, cancellationToken).ConfigureAwait(false) is not StoredObject repaired)
            return false;
        if (repaired.Reference != stored.Reference)
            await ReplaceAsync(metadata, objects, row, repaired).ConfigureAwait(false);
        return true;
    }

    /// <summary>Notes what a reader has repaired. Never fails: the reader has its octets already.</summary>
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

    // Once written, the new object must not get lost to a cancellation. Of the old one only that is garbage which the new one does not keep. If nothing names the old one any more, or another's repair stands,
    // the new one is of no use, but what it keeps of the old one is not its own.
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
