using System.Diagnostics.Metrics;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Metadata;
using ZeroFtp.Storage.Objects;

namespace ZeroFtp.Storage.Content;

/// <summary>Counts objects that reads and the background scrub find missing, damaged or without redundancy, and names the files that contain them.</summary>
internal sealed class Findings(IMetadataUpkeep metadata) : IDisposable
{
    public const string MeterName = "ZeroFtp.Storage";

    /// <summary>Maximum number of files named in one message.</summary>
    private const int NamedPaths = 3;

    private readonly FindingCounter _counter = new();

    public void Dispose() => _counter.Dispose();

    /// <summary>True if the meter belongs to this store, and not to another one in the process.</summary>
    public bool Owns(Instrument instrument) => _counter.Owns(instrument);

    public void OfScrub(CheckFindingKind kind) => _counter.Count(kind, "scrub");

    /// <summary>Reports an object that a read found missing or damaged.</summary>
    /// <returns>The exception to throw, whose message the engine logs. Null if nothing names the object any more, so that nothing is lost.</returns>
    public async ValueTask<FtpDriverException?> OfReadAsync(ObjectRow row, ObjectDamage damage)
    {
        IReadOnlyList<string>? paths = null;
        try
        {
            paths = await metadata.FindPathsAsync(row.Id, NamedPaths + 1, CancellationToken.None).ConfigureAwait(false);
            if (paths.Count == 0)
                return null;
        }
        catch (MetadataException)
        {
            // The object's name has to suffice.
        }
        bool isMissing = damage.State == ObjectState.Missing;
        _counter.Count(isMissing ? CheckFindingKind.MissingObject : CheckFindingKind.DamagedObject, "read");
        string what = isMissing ? "is missing" : "is damaged: its bytes are not what was stored";
        return new FtpDriverException(FtpError.Unavailable, $"The object {damage.Reference}{Of(paths)} {what}. Restore the file from a backup or delete it; 'zeroftp fsck' lists all that are concerned.");
    }

    /// <summary>Formats the files for a sentence: " of /a, /b and others".</summary>
    public static string Of(IReadOnlyList<string>? paths) => paths switch
    {
        null or [] => "",
        { Count: > NamedPaths } => " of " + string.Join(", ", paths.Take(NamedPaths)) + " and others",
        _ => " of " + string.Join(", ", paths),
    };

    private sealed class FindingCounter : IDisposable
    {
        private readonly Meter _meter = new(MeterName);
        private readonly Counter<long> _findings;

        public FindingCounter() => _findings = _meter.CreateCounter<long>("zeroftp.storage.findings", description: "Objects found missing, damaged or without their redundancy, by kind and by who found them.");

        public bool Owns(Instrument instrument) => instrument == _findings;

        public void Count(CheckFindingKind kind, string by) => _findings.Add(1, new("kind", kind switch
        {
            CheckFindingKind.MissingObject => "missing",
            CheckFindingKind.DegradedObject => "degraded",
            _ => "damaged",
        }), new KeyValuePair<string, object?>("by", by));

        public void Dispose() => _meter.Dispose();
    }
}
