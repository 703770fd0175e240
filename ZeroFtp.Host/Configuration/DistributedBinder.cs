using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using ZeroFtp.Storage.Objects.ZeroStor;
using ZeroFtp.Storage.Options;

namespace ZeroFtp.Host.Configuration;

/// <summary>The keys of a store that several front-ends share.</summary>
internal static class DistributedBinder
{
    /// <returns>Null if the store is an embedded one.</returns>
    public static DistributedStorageOptions? Bind(ConfigurationReader reader, StorageOptions common, StorageKind kind)
    {
        DistributedStorageOptions options = new() { Common = common, Metadata = BindMetadata(reader), ZeroStor = BindZeroStor(reader) };
        if (kind == StorageKind.Embedded)
        {
            // Serving an empty directory in place of the database that was meant would be worse than not to start.
            if (options.Metadata.ConnectionString.Length > 0 || options.ZeroStor.Daemons.Count > 0 || options.ZeroStor.Direct is not null)
                reader.Fault("storage:kind", "has to be distributed if a database, daemons or shards are given");
            return null;
        }
        OptionFaults.Report(reader, options.Metadata.Validate(), property => "Storage.Metadata." + property);
        OptionFaults.Report(reader, [.. options.ZeroStor.Validate().Select(WithProperty)], property => "Storage.ZeroStor." + property);
        return options;
    }

    private static MetadataServerOptions BindMetadata(ConfigurationReader reader)
    {
        MetadataServerOptions defaults = new() { ConnectionString = "" };
        return defaults with
        {
            ConnectionString = reader.Text("storage:metadata:connectionString", "",
                "The database of a distributed store, as Npgsql writes it: Host=a,b,c;Database=zeroftp;Username=zeroftp;Password=...", KeyTraits.Secret),
            Coherence = reader.Choice("storage:metadata:coherence", defaults.Coherence,
                "strict: what one front-end acknowledged shows through all; bounded: that may take as long as storage:metadata:maxAge."),
            MaxAge = reader.Time("storage:metadata:maxAge", defaults.MaxAge,
                "How old what a read shows may be when storage:metadata:coherence is bounded; commands that change something resolve their paths in the database."),
            FrontEndName = reader.OptionalText("storage:metadata:frontEndName",
                "This front-end's name in the table of front-ends; empty: the machine's.") ?? defaults.FrontEndName,
            FrontEndLifetime = reader.Time("storage:metadata:frontEndLifetime", defaults.FrontEndLifetime,
                "How long after its last sign of life a front-end counts as dead and another ends its uploads, by the clock of the database. The same for all front-ends."),
            Timeout = reader.Time("storage:metadata:timeout", defaults.Timeout, "How long one operation of the database is tried before it fails."),
            Migrate = reader.Flag("storage:metadata:migrate", defaults.Migrate,
                "Whether an older schema is brought up to date at the start; otherwise only by zeroftp migrate --apply."),
        };
    }

    private static ZeroStorOptions BindZeroStor(ConfigurationReader reader)
    {
        ZeroStorOptions defaults = new() { Daemons = [] };
        TimeSpan hedge = reader.Time("storage:zeroStor:hedgeReadsAfter", defaults.HedgeReadsAfter ?? TimeSpan.Zero,
            "After how long without an answer a read is sent to a second daemon too; 0s: never.");
        return defaults with
        {
            Daemons = reader.Texts("storage:zeroStor:daemons", [], "The daemons of 0-stor: http://host:port or unix:/path, all with one configuration."),
            Direct = DirectBinder.Bind(reader),
            ExtentBytes = Int(reader.Size("storage:zeroStor:extentBytes", defaults.ExtentBytes, "What one write to 0-stor carries; 64 KiB to 31 MiB.")),
            WriteMemoryBytes = reader.Size("storage:zeroStor:writeMemoryBytes", defaults.WriteMemoryBytes, "Memory for content of all uploads together."),
            WriteReserveBytes = Int(reader.Size("storage:zeroStor:writeReserveBytes", defaults.WriteReserveBytes,
                "What each open extent is sure to get of storage:zeroStor:writeMemoryBytes.")),
            ReadMemoryBytes = reader.Size("storage:zeroStor:readMemoryBytes", defaults.ReadMemoryBytes, "Memory for content of all downloads together."),
            MaxWritesInFlight = reader.Number("storage:zeroStor:maxWritesInFlight", defaults.MaxWritesInFlight, 1, 1_024, "Writes to 0-stor at the same time."),
            MaxReadsInFlight = reader.Number("storage:zeroStor:maxReadsInFlight", defaults.MaxReadsInFlight, 1, 1_024, "Reads from 0-stor at the same time."),
            MaxUpkeepInFlight = reader.Number("storage:zeroStor:maxUpkeepInFlight", defaults.MaxUpkeepInFlight, 1, 1_024,
                "Deletions, checks and repairs in 0-stor at the same time."),
            CallTimeout = reader.Time("storage:zeroStor:callTimeout", defaults.CallTimeout, "How long one call of a daemon may take."),
            RetryBudget = reader.Time("storage:zeroStor:retryBudget", defaults.RetryBudget,
                "How long one operation of 0-stor is tried again before it fails; 0s: never again."),
            RetryDelay = reader.Time("storage:zeroStor:retryDelay", defaults.RetryDelay, "The first pause between two attempts of an operation of 0-stor."),
            MaxRetryDelay = reader.Time("storage:zeroStor:maxRetryDelay", defaults.MaxRetryDelay,
                "The longest pause between two attempts of an operation of 0-stor."),
            HedgeReadsAfter = hedge == TimeSpan.Zero ? null : hedge,
            BreakerFailureRatio = reader.Value("storage:zeroStor:breakerFailureRatio", defaults.BreakerFailureRatio, TryRatio, ratio => ratio.ToString(CultureInfo.InvariantCulture), "The share of failed calls from which on a daemon is left alone."),
            BreakerMinimumCalls = reader.Number("storage:zeroStor:breakerMinimumCalls", defaults.BreakerMinimumCalls, 2, 1_000_000,
                "Calls within storage:zeroStor:breakerWindow from which on storage:zeroStor:breakerFailureRatio counts."),
            BreakerWindow = reader.Time("storage:zeroStor:breakerWindow", defaults.BreakerWindow, "The time over which failed calls of a daemon are counted."),
            BreakerPause = reader.Time("storage:zeroStor:breakerPause", defaults.BreakerPause, "How long a failing daemon is left alone."),
            ConnectTimeout = reader.Time("storage:zeroStor:connectTimeout", defaults.ConnectTimeout, "How long connecting to a daemon may take."),
            VerifyEvery = reader.Number("storage:zeroStor:verifyEvery", defaults.VerifyEvery, 0, int.MaxValue,
                "The hash of every n-th read from 0-stor is compared; 0: of none."),
            CorruptRetries = reader.Number("storage:zeroStor:corruptRetries", defaults.CorruptRetries, 0, 100,
                "How often an extent with wrong bytes is read again before it is repaired."),
            CompareBeforeDeletion = reader.Flag("storage:zeroStor:compareBeforeDeletion", defaults.CompareBeforeDeletion,
                "Whether a deletion reads an object first, to prove that its parts are its own; needed unless emptied shards always get new names."),
            GoneShards = reader.Texts("storage:zeroStor:goneShards", [],
                "Shards that do not come back, as in namespace@host:port: their parts are lost, and deletions do not wait for them."),
        };
    }

    private static int Int(long size) => (int)Math.Min(int.MaxValue, size);

    /// <summary>A fault of one address does not begin with the property.</summary>
    private static string WithProperty(string fault) => fault.StartsWith('\'') ? "Daemons must be addresses: " + fault : fault;

    private static bool TryRatio(string text, out double value, [NotNullWhen(false)] out string? expected)
    {
        bool isRight = double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value) && value is > 0 and <= 1;
        expected = isRight ? null : "a number above 0 and at most 1";
        return isRight;
    }
}
