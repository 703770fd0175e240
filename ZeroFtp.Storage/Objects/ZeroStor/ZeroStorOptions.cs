namespace ZeroFtp.Storage.Objects.ZeroStor;

/// <summary>
/// How content is stored in 0-stor. Every property has a default except <see cref="Daemons"/> and <see cref="Direct"/>, one of which says where to store it.
/// </summary>
public sealed record ZeroStorOptions
{
    /// <summary>
    /// The daemons, each as http://host:port or unix:/path. All must share one configuration (shards, hashing, encryption), so that each can read what another
    /// wrote. Calls are spread over them, and the circuit breaker skips one that fails for a while.
    /// </summary>
    public IReadOnlyList<string> Daemons { get; init; } = [];

    /// <summary>How the shards are used without daemons; null to use <see cref="Daemons"/>. A store may contain content from both.</summary>
    public ZeroStorDirectOptions? Direct { get; init; }

    /// <summary>The maximum length of an extent, in bytes, which is one unary write. It is below the daemon's message limit of 32 MiB.</summary>
    public int ExtentBytes { get; init; } = 4 << 20;

    /// <summary>
    /// Memory budget, in bytes and for all uploads together, for content that was received but not yet acknowledged by the store. When it is used up, uploads
    /// store shorter pieces and their clients are slowed down.
    /// </summary>
    public long WriteMemoryBytes { get; init; } = 96L << 20;

    /// <summary>
    /// The part of <see cref="WriteMemoryBytes"/>, in bytes, that each open extent of an upload is guaranteed. It limits the number of open extents to the
    /// quotient of the two; further ones wait.
    /// </summary>
    public int WriteReserveBytes { get; init; } = 512 << 10;

    /// <summary>
    /// Memory budget, in bytes and for all downloads together, for content that was fetched but not yet sent. When it is used up, further extents are fetched
    /// only after others have been sent.
    /// </summary>
    public long ReadMemoryBytes { get; init; } = 128L << 20;

    /// <summary>Maximum number of concurrent writes, over all daemons. Each holds a copy of its extent in the client library.</summary>
    public int MaxWritesInFlight { get; init; } = 8;

    /// <summary>Maximum number of concurrent reads, over all daemons. Each holds a copy of its extent in the client library.</summary>
    public int MaxReadsInFlight { get; init; } = 8;

    /// <summary>Maximum number of concurrent deletions, checks and repairs, over all daemons.</summary>
    public int MaxUpkeepInFlight { get; init; } = 4;

    /// <summary>Timeout of one call to a daemon. After it the call is retried, possibly on another daemon.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long an operation is retried before it fails. Waiting for the bulkhead does not count.</summary>
    public TimeSpan RetryBudget { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The delay before the first retry. Later delays grow to <see cref="MaxRetryDelay"/>, each with jitter.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The maximum delay before a retry.</summary>
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long a read waits for an answer before it is also sent to a second daemon; the first answer wins. Null disables it. Needs at least two daemons and a
    /// value below <see cref="CallTimeout"/>.
    /// </summary>
    public TimeSpan? HedgeReadsAfter { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The ratio of failed calls, 0 to 1, that opens a daemon's circuit.</summary>
    public double BreakerFailureRatio { get; init; } = 0.5;

    /// <summary>The number of calls within <see cref="BreakerWindow"/> below which the ratio is ignored.</summary>
    public int BreakerMinimumCalls { get; init; } = 4;

    /// <summary>The period over which failures are counted.</summary>
    public TimeSpan BreakerWindow { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a daemon's circuit stays open before one call tries the daemon again.</summary>
    public TimeSpan BreakerPause { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Timeout for connecting to a daemon.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Verifies the hash of every n-th read: 1 for all, 0 for none. The length is always compared.</summary>
    public int VerifyEvery { get; init; } = 1;

    /// <summary>How often a read with wrong content is retried before the extent is repaired.</summary>
    public int CorruptRetries { get; init; } = 1;

    /// <summary>
    /// True if a deletion reads an object before it deletes the parts, to prove that they belong to it. A shard that was emptied but kept its name reuses old
    /// keys for new parts; without the proof, deleting an old object would delete those. Disable it only where emptied shards always get new names.
    /// </summary>
    public bool CompareBeforeDeletion { get; init; } = true;

    /// <summary>
    /// Shards that will not come back, named as in references: namespace@host:port, or host:port for daemons before 1.2. Their parts are lost, and deletions do
    /// not wait for them.
    /// </summary>
    public IReadOnlyList<string> GoneShards { get; init; } = [];

    /// <summary>Returns every fault of these options, one sentence each; empty if there is none.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> faults = [];
        if (Direct is null && Daemons is not { Count: > 0 })
            faults.Add("Daemons must name at least one daemon, or Direct the shards.");
        faults.AddRange(Direct?.Validate().Select(static fault => "Direct." + fault) ?? []);
        foreach (string daemon in Daemons ?? [])
            Check(IsAddress(daemon), $"'{daemon}' is not the address of a daemon: it must be http://host:port or unix:/path.");
        Check(Daemons is null || Daemons.Distinct(StringComparer.OrdinalIgnoreCase).Count() == Daemons.Count, "Daemons must not name one daemon twice.");
        Check(ExtentBytes is >= 64 << 10 and <= 31 << 20, "ExtentBytes must be between 64 KiB and 31 MiB.");
        Check(WriteReserveBytes is >= 64 << 10 && WriteReserveBytes <= Math.Max(ExtentBytes, 64 << 10),
            "WriteReserveBytes must be between 64 KiB and ExtentBytes.");
        Check(WriteMemoryBytes >= 2L * ExtentBytes && WriteMemoryBytes <= 1L << 40, "WriteMemoryBytes must be at least two extents.");
        Check(ReadMemoryBytes >= 2L * ExtentBytes && ReadMemoryBytes <= 1L << 40, "ReadMemoryBytes must be at least two extents.");
        Check(MaxWritesInFlight is >= 1 and <= 1024, "MaxWritesInFlight must be between 1 and 1,024.");
        Check(MaxReadsInFlight is >= 1 and <= 1024, "MaxReadsInFlight must be between 1 and 1,024.");
        Check(MaxUpkeepInFlight is >= 1 and <= 1024, "MaxUpkeepInFlight must be between 1 and 1,024.");
        Check(CallTimeout >= TimeSpan.FromMilliseconds(10) && CallTimeout <= TimeSpan.FromHours(1), "CallTimeout must be between 10 ms and an hour.");
        Check(RetryBudget >= TimeSpan.Zero && RetryBudget <= TimeSpan.FromHours(1), "RetryBudget must be between 0 and an hour.");
        Check(RetryDelay >= TimeSpan.Zero && RetryDelay <= MaxRetryDelay, "RetryDelay must be between 0 and MaxRetryDelay.");
        Check(MaxRetryDelay > TimeSpan.Zero && MaxRetryDelay <= TimeSpan.FromMinutes(10), "MaxRetryDelay must be between 0 and ten minutes.");
        Check(HedgeReadsAfter is null || HedgeReadsAfter > TimeSpan.Zero, "HedgeReadsAfter must be above 0.");
        Check(BreakerFailureRatio is > 0 and <= 1, "BreakerFailureRatio must be above 0 and at most 1.");
        Check(BreakerMinimumCalls >= 2, "BreakerMinimumCalls must be at least 2.");
        Check(BreakerWindow >= TimeSpan.FromMilliseconds(500) && BreakerWindow <= TimeSpan.FromDays(1),
            "BreakerWindow must be between half a second and a day.");
        Check(BreakerPause >= TimeSpan.FromMilliseconds(500) && BreakerPause <= TimeSpan.FromDays(1), "BreakerPause must be between half a second and a day.");
        Check(ConnectTimeout > TimeSpan.Zero && ConnectTimeout <= TimeSpan.FromMinutes(10), "ConnectTimeout must be between 0 and ten minutes.");
        Check(VerifyEvery >= 0, "VerifyEvery must not be negative.");
        Check(CorruptRetries is >= 0 and <= 100, "CorruptRetries must be between 0 and 100.");
        return faults;

        void Check(bool holds, string fault)
        {
            if (!holds)
                faults.Add(fault);
        }
    }

    private static bool IsAddress(string text) => text.StartsWith("unix:/", StringComparison.Ordinal)
        ? text.Length > "unix:/".Length
        : Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri.Scheme == Uri.UriSchemeHttp && uri.AbsolutePath == "/" && uri.Query.Length == 0
            && uri.UserInfo.Length == 0;
}
