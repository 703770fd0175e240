using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Content;
using ZeroFtp.Storage.Metadata;
using ZeroFtp.Storage.Objects;

namespace ZeroFtp.Storage.Maintenance;

/// <summary>
/// Scans all extents slowly and checks the objects that they name: reads and verifies them, lets the store repair what has lost redundancy, records the new
/// location, and reports what is lost. Any number of sessions may be running meanwhile. Two concurrent scrubs only do the work twice.
/// </summary>
internal sealed partial class Scrubber
{
    private const int PageLength = 200;
    private const int RememberedObjects = 100_000;

    private readonly IObjectStore _objects;
    private readonly IMetadataUpkeep _metadata;
    private readonly ScrubOptions _options;
    private readonly Findings? _findings;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;

    public Scrubber(IObjectStore objects, IMetadataUpkeep metadata, ScrubOptions options, TimeProvider? timeProvider = null, ILoggerFactory? loggerFactory = null, Findings? findings = null)
    {
        IReadOnlyList<string> faults = options.Validate();
        if (faults.Count > 0)
            throw new ArgumentException(string.Join(' ', faults), nameof(options));
        _objects = objects;
        _metadata = metadata;
        _options = options;
        _findings = findings;
        _timeProvider = timeProvider ?? TimeProvider.System;
        _logger = (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger("ZeroFtp.Storage.Scrubber");
    }

    /// <summary>Makes one pass.</summary>
    /// <param name="progress">Receives the number of bytes checked so far, after each object; may be null.</param>
    /// <param name="cancellationToken">Stops after the current object.</param>
    /// <exception cref="FtpDriverException">Unavailable: the object store is out of reach.</exception>
    /// <exception cref="MetadataException">The metadata store cannot answer.</exception>
    public async Task<CheckReport> RunAsync(IProgress<long>? progress, CancellationToken cancellationToken)
    {
        ScrubTally tally = new(_options.MaxFindings);
        HashSet<long> seen = [];
        long began = _timeProvider.GetTimestamp();
        int failures = 0;
        (string Key, long Start) after = ("", -1);
        while (await _metadata.ScanExtentsAsync(after.Key, after.Start, PageLength, cancellationToken).ConfigureAwait(false) is { Count: > 0 } page)
        {
            foreach (ScannedExtent extent in page)
            {
                after = (extent.Key, extent.Extent.Start);
                if (!seen.Add(extent.Extent.Object.Id))
                    continue;
                if (seen.Count >= RememberedObjects)
                    seen.Clear();
                try
                {
                    await CheckAsync(extent, tally, cancellationToken).ConfigureAwait(false);
                    failures = 0;
                }
                catch (FtpDriverException failure) when (failure.Error == FtpError.Unavailable && ++failures < _options.MaxFailuresInARow)
                {
                    LogNotChecked(extent.Extent.Object.Id, failure.Message);
                }

                progress?.Report(tally.BytesRead);
                await PaceAsync(began, tally.BytesRead, cancellationToken).ConfigureAwait(false);
            }
        }

        return tally.ToReport();
    }

    private async ValueTask CheckAsync(ScannedExtent scanned, ScrubTally tally, CancellationToken cancellationToken)
    {
        StoredObject stored = ToStored(scanned.Extent.Object);
        ObjectState state = await _objects.CheckAsync(stored, deep: true, cancellationToken).ConfigureAwait(false);
        tally.Checked(stored.Length);
        if (state == ObjectState.Good)
            return;
        if (state == ObjectState.OutOfReach)
        {
            tally.NotJudged();
            return;
        }
        // Meanwhile the file may have been deleted, or a reader may have repaired the object.
        IReadOnlyList<ScannedExtent> again = await _metadata.ScanExtentsAsync(scanned.Key, scanned.Extent.Start - 1, 1, cancellationToken).ConfigureAwait(false);
        if (again.Count == 0 || again[0].Key != scanned.Key || again[0].Extent.Object != scanned.Extent.Object)
            return;
        IReadOnlyList<string> paths = await _metadata.FindPathsAsync(scanned.Extent.Object.Id, CheckFinding.MaxPaths, cancellationToken).ConfigureAwait(false);
        bool repaired = _options.Repair && await RepairRecord.RepairAsync(_metadata, _objects, scanned.Extent.Object, stored, cancellationToken).ConfigureAwait(false);
        (CheckFindingKind kind, string detail) = Describe(state);
        tally.Found(new CheckFinding(kind, $"object {scanned.Extent.Object.Id} of content {scanned.Key} at {scanned.Extent.Start}", detail, repaired) { Paths = paths });
        _findings?.OfScrub(kind);
        if (repaired)
            LogRepaired(stored.Reference, Findings.Of(paths), detail);
        else
            LogFound(stored.Reference, Findings.Of(paths), detail);
    }

    private StoredObject ToStored(ObjectRow row) => new(row.Reference ?? _objects.ReferenceFor(row.Id), row.Length, new ObjectHash(row.Hash, row.Crc));

    private static (CheckFindingKind Kind, string Detail) Describe(ObjectState state) => state switch
    {
        ObjectState.Degraded => (CheckFindingKind.DegradedObject, "A part of its redundancy is lost or out of reach."),
        ObjectState.Corrupt => (CheckFindingKind.DamagedObject, "Its bytes are not what was stored."),
        _ => (CheckFindingKind.MissingObject, "Too little of it is there, or can be reached now, to read it."),
    };

    private async ValueTask PaceAsync(long began, long bytes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_options.BytesPerSecond == 0)
            return;
        TimeSpan early = TimeSpan.FromSeconds((double)bytes / _options.BytesPerSecond) - _timeProvider.GetElapsedTime(began);
        if (early > TimeSpan.Zero)
            await Task.Delay(early, _timeProvider, cancellationToken).ConfigureAwait(false);
    }

    [LoggerMessage(3251, LogLevel.Error, "Scrubbing found a fault of the object {Reference}{Paths}: {Detail} Restore the file from a backup or delete it.")]
    private partial void LogFound(string reference, string paths, string detail);

    [LoggerMessage(3255, LogLevel.Warning, "Scrubbing has repaired the object {Reference}{Paths}: {Detail}")]
    private partial void LogRepaired(string reference, string paths, string detail);

    [LoggerMessage(3252, LogLevel.Warning, "Scrubbing could not check object {Object}: {Reason}")]
    private partial void LogNotChecked(long @object, string reason);
}
