namespace ZeroFtp.Storage.Objects.ZeroStor;

/// <summary>How content is kept in 0-stor. Every property has a sane default except <see cref="Daemons"/> or <see cref="Direct"/>, one of which says where.</summary>
public sealed record ZeroStorOptions
{
    /// <summary>
    /// The daemons, each as http://host:port or unix:/path. All of them must share one configuration (shards, hashing, encryption), so that any of them can read what another wrote. Calls are spread over them,
    /// and one that fails is left alone for a while.
    /// </summary>
    public IReadOnlyList<string> Daemons { get; init; } = [];

    /// <summary>How the shards are used without daemons; null to go through <see cref="Daemons"/>. One store may hold what either wrote.</summary>
    public ZeroStorDirectOptions? Direct { get; init; }

    /// <summary>The longest extent, in octets: what one unary write carries. The daemon's limit for a message, 32 MiB, is above it.</summary>
    public int ExtentBytes { get; init; } = 4 << 20;

    /// <summary>
    /// Memory for what uploads have received and the store has not acknowledged, in octets, for all uploads together. When it is used up, uploads store shorter pieces and their clients are slowed down.
    /// </summary>
    public long WriteMemoryBytes { get; init; } = 96L << 20;

    /// <summary>
    /// What each open extent of an upload is sure to get of <see cref="WriteMemoryBytes"/>, in octets. So many extents can be open at the same time as one fits into the other; further ones wait.
    /// </summary>
    public int WriteReserveBytes { get; init; } = 512 << 10;

    /// <summary>Memory for what downloads have fetched and not yet sent, in octets, for all downloads together. When it is used up, further extents are fetched only when others have been sent.</summary>
    public long ReadMemoryBytes { get; init; } = 128L << 20;

    /// <summary>How many writes are under way at the same time, over all daemons. Each holds a copy of its extent in the client library meanwhile.</summary>
    public int MaxWritesInFlight { get; init; } = 8;

    /// <summary>How many reads are under way at the same time, over all daemons. Each holds a copy of its extent in the client library meanwhile.</summary>
    public int MaxReadsInFlight { get; init; } = 8;

    /// <summary>How many deletions, checks and repairs are under way at the same time, over all daemons.</summary>
    public int MaxUpkeepInFlight { get; init; } = 4;

    /// <summary>How long one call of a daemon may take before it is given up and tried again, perhaps elsewhere.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long an operation is tried again before it fails. Waiting for a free place does not count.</summary>
    public TimeSpan RetryBudget { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The pause before the first repetition; later ones grow to <see cref="MaxRetryDelay"/>, each with jitter.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The longest pause before a repetition.</summary>
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>After how long a read that is not answered is sent to a second daemon too, and the first answer taken; null never does that. Has an effect with two daemons or more, and below <see cref="CallTimeout"/>.</summary>
    public TimeSpan? HedgeReadsAfter { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The share of failed calls, 0 to 1, from which on a daemon is left alone.</summary>
    public double BreakerFailureRatio { get; init; } = 0.5;

    /// <summary>How many calls within <see cref="BreakerWindow"/> there have to be before the share of failures counts.</summary>
    public int BreakerMinimumCalls { get; init; } = 4;

    /// <summary>The time over which failures are counted.</summary>
    public TimeSpan BreakerWindow { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a failing daemon is left alone before one call tries it again.</summary>
    public TimeSpan BreakerPause { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long connecting to a daemon may take.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Every how many reads the hash of the extent is compared: 1 for all, 0 for none. The length is always compared.</summary>
    public int VerifyEvery { get; init; } = 1;

    /// <summary>How often a read whose octets are wrong is tried again before the extent is repaired.</summary>
    public int CorruptRetries { get; init; } = 1;

    /// <summary>
    /// Whether a deletion reads an object before it deletes its parts, to prove that they are its own. A shard that was emptied and kept its name gives old keys to new parts; without the proof a deletion of
    /// what was there before takes them away. To be switched off only where emptied shards always get new names.
    /// </summary>
    public bool CompareBeforeDeletion { get; init; } = true;

    /// <summary>Shards that do not come back, as references name them: namespace@host:port, or host:port for daemons before 1.2. Their parts are lost, and deletions do not wait for them.</summary>
    public IReadOnlyList<string> GoneShards { get; init; } = [];

    /// <summary>Every fault of these options, one sentence each; empty if there is none.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> faults = [];
        if (Direct is null && Daemons is not { Count: > 0 })
            faults.Add("Daemons must name at least one daemon.");
        faults.AddRange(Direct?.Validate().Select(static fault => "Direct: " + fault) ?? []);
        foreach (string daemon in Daemons ?? [])
            Check(IsAddress(daemon), $"'{daemon}' is not the address of a daemon: it must be http://host:port or unix:/path.");
        Check(Daemons is null || Daemons.Distinct(StringComparer.OrdinalIgnoreCase).Count() == Daemons.Count, "Daemons must not name one daemon twice.");
        Check(ExtentBytes is >= 64 << 10 and <= 31 << 20, "ExtentBytes must be between 64 KiB and 31 MiB.");
        Check(WriteReserveBytes is >= 64 << 10 && WriteReserveBytes <= Math.Max(ExtentBytes, 64 << 10), "WriteReserveBytes must be between 64 KiB and ExtentBytes.");
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
        Check(BreakerWindow >= TimeSpan.FromMilliseconds(500) && BreakerWindow <= TimeSpan.FromDays(1), "BreakerWindow must be between half a second and a day.");
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
        : Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri.Scheme == Uri.UriSchemeHttp && uri.AbsolutePath == "/" && uri.Query.Length == 0 && uri.UserInfo.Length == 0;
}
