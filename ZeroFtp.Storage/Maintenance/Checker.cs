using System.Globalization;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Content;
using ZeroFtp.Storage.Diagnostics;
using ZeroFtp.Storage.Metadata;
using ZeroFtp.Storage.Metadata.Sql;
using ZeroFtp.Storage.Objects;

namespace ZeroFtp.Storage.Maintenance;

/// <summary>
/// Checks the invariants of a store: rows agree with each other, every object that an extent names exists and is what was written, and no object exists that
/// nothing names.
/// </summary>
internal sealed class Checker(StorageContext context, CheckOptions options)
{
    private const int Page = 500;
    private readonly List<CheckFinding> _findings = [];
    private readonly HashSet<long> _seen = [];
    private bool _mayRepair;
    private long _found;
    private long _repaired;
    private long _bytes;
    private long _notJudged;

    public async ValueTask<CheckReport> RunAsync(CancellationToken cancellationToken)
    {
        // A damaged database may not know living content, so nothing is repaired on its word.
        IReadOnlyList<string> faults = await context.Metadata.ExamineAsync(cancellationToken).ConfigureAwait(false);
        _mayRepair = options.Repair && faults.Count == 0;
        foreach (string fault in faults)
            Report(CheckFindingKind.Metadata, "database", fault.Trim() + " Restore the database from a backup.", isRepaired: false);
        try
        {
            await CheckAllAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (MetadataException exception) when (_found > 0 && exception.Error == MetadataError.Unusable)
        {
            Report(CheckFindingKind.Metadata, "check", "What comes after the damage in the database could not be checked.", isRepaired: false);
        }
        return new CheckReport { Findings = _findings, FindingCount = _found, RepairedCount = _repaired, ObjectsChecked = _seen.Count, BytesRead = _bytes, NotJudgedCount = _notJudged };
    }

    private async ValueTask CheckAllAsync(CancellationToken cancellationToken)
    {
        foreach ((string invariant, long breaches) in await context.Metadata.CheckAsync(cancellationToken).ConfigureAwait(false))
        {
            if (breaches == 0)
                continue;
            bool isRepaired = _mayRepair && invariant == CheckSql.WrongUsage && await context.Metadata.RepairUsageAsync(cancellationToken).ConfigureAwait(false);
            Report(CheckFindingKind.Metadata, invariant, string.Create(CultureInfo.InvariantCulture, $"{breaches} rows break this invariant."), isRepaired);
        }
        await CheckNamedAsync(cancellationToken).ConfigureAwait(false);
        if (context.Objects is IObjectListing listing)
            await CheckListedAsync(listing, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask CheckNamedAsync(CancellationToken cancellationToken)
    {
        (string key, long start) = ("", -1);
        while (true)
        {
            IReadOnlyList<ScannedExtent> page = await context.Metadata.ScanExtentsAsync(key, start, Page, cancellationToken).ConfigureAwait(false);
            if (page.Count == 0)
                return;
            foreach (ScannedExtent scanned in page)
            {
                if (_seen.Add(scanned.Extent.Object.Id))
                    await CheckObjectAsync(scanned, cancellationToken).ConfigureAwait(false);
            }
            (key, start) = (page[^1].Key, page[^1].Extent.Start);
        }
    }

    private async ValueTask CheckObjectAsync(ScannedExtent scanned, CancellationToken cancellationToken)
    {
        (ObjectRow row, string key) = (scanned.Extent.Object, scanned.Key);
        StoredObject stored = row.ToStored(context.Objects);
        ObjectState state = await context.Objects.CheckAsync(stored, options.ReadContent, cancellationToken).ConfigureAwait(false);
        _bytes += options.ReadContent ? row.Length : 0;
        if (state == ObjectState.Good || !await IsStillNamedAsync(scanned, cancellationToken).ConfigureAwait(false))
            return;
        if (state == ObjectState.OutOfReach)
        {
            _notJudged++;
            return;
        }
        IReadOnlyList<string> paths = await context.Metadata.FindPathsAsync(row.Id, CheckFinding.MaxPaths, cancellationToken).ConfigureAwait(false);
        bool isRepaired = _mayRepair && state is not ObjectState.Missing && await RepairRecord.RepairAsync(context.Metadata, context.Objects, row, stored, cancellationToken).ConfigureAwait(false);
        CheckFindingKind kind = state switch
        {
            ObjectState.Missing => CheckFindingKind.MissingObject,
            ObjectState.Degraded => CheckFindingKind.DegradedObject,
            _ => CheckFindingKind.DamagedObject,
        };
        Report(kind, stored.Reference, string.Create(CultureInfo.InvariantCulture, $"The content {key} refers to this object of {row.Length} octets, which is {state}."), isRepaired, paths);
    }

    /// <summary>While other front-ends run, the content may have been deleted or repaired since it was scanned.</summary>
    private async ValueTask<bool> IsStillNamedAsync(ScannedExtent scanned, CancellationToken cancellationToken)
    {
        IReadOnlyList<ScannedExtent> again = await context.Metadata.ScanExtentsAsync(scanned.Key, scanned.Extent.Start - 1, 1, cancellationToken).ConfigureAwait(false);
        return again.Count > 0 && again[0].Key == scanned.Key && again[0].Extent.Object == scanned.Extent.Object;
    }

    private async ValueTask CheckListedAsync(IObjectListing listing, CancellationToken cancellationToken)
    {
        List<ListedObject> page = new(Page);
        await foreach (ListedObject listed in listing.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            if (_seen.Contains(listed.Id))
                continue;
            page.Add(listed);
            if (page.Count < Page)
                continue;
            await CheckUnseenAsync(page, cancellationToken).ConfigureAwait(false);
            page.Clear();
        }
        await CheckUnseenAsync(page, cancellationToken).ConfigureAwait(false);
        await context.Objects.FlushDeletionsAsync(cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask CheckUnseenAsync(List<ListedObject> objects, CancellationToken cancellationToken)
    {
        HashSet<long> unknown = [.. await context.Metadata.FindUnknownObjectsAsync([.. objects.Select(listed => listed.Id)], cancellationToken).ConfigureAwait(false)];
        foreach (ListedObject listed in objects.Where(listed => unknown.Contains(listed.Id)))
        {
            bool isRepaired = false;
            if (_mayRepair)
            {
                try
                {
                    await context.Objects.DeleteAsync(listed.Reference, cancellationToken).ConfigureAwait(false);
                    isRepaired = true;
                }
                catch (FtpDriverException exception)
                {
                    context.Logger.DeletionFailed(listed.Reference, exception);
                }
            }
            Report(CheckFindingKind.UnreferencedObject, listed.Reference, string.Create(CultureInfo.InvariantCulture, $"Nothing refers to this object of {listed.Length} octets."), isRepaired);
        }
    }

    private void Report(CheckFindingKind kind, string subject, string detail, bool isRepaired, IReadOnlyList<string>? paths = null)
    {
        _found++;
        _repaired += isRepaired ? 1 : 0;
        if (_findings.Count < options.MaxFindings)
            _findings.Add(new CheckFinding(kind, subject, detail, isRepaired) { Paths = paths ?? [] });
    }
}
