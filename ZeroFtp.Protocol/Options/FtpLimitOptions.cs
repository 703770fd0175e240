namespace ZeroFtp.Protocol.Options;

/// <summary>Limits and time-outs of sessions.</summary>
public sealed record FtpLimitOptions
{
    /// <summary>Octets of a command line, its end not counted.</summary>
    public int MaxLineLength { get; init; } = 8192;

    /// <summary>Sessions at the same time.</summary>
    public int MaxSessions { get; init; } = 10_000;

    /// <summary>Sessions at the same time from one address; see <see cref="Ipv6PrefixLength"/>.</summary>
    public int MaxSessionsPerAddress { get; init; } = 1_000;

    /// <summary>
    /// The bits of an IPv6 address that make it one client to every limit of an address: sessions, failed logins, bars, and turns to have a password hashed. One customer has at least a /64 to choose addresses from
    /// (RFC 6177); a provider of larger prefixes may want 56 or 48. IPv4 addresses count alone.
    /// </summary>
    public int Ipv6PrefixLength { get; init; } = 64;

    /// <summary>Failed logins before the connection is closed with 421. 0: no limit and no delay.</summary>
    public int MaxLoginFailures { get; init; } = 3;

    /// <summary>How long the answer to the first failed login from an address is delayed; it doubles with each further one, up to <see cref="MaxLoginDelay"/>.</summary>
    public TimeSpan LoginDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest delay of an answer to a failed login.</summary>
    public TimeSpan MaxLoginDelay { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Failed logins from one address within <see cref="LoginWindow"/> after which it is refused at once with 421. 0: no limit.</summary>
    public int MaxLoginFailuresPerAddress { get; init; } = 50;

    /// <summary>
    /// Failed logins of one user name over all addresses within <see cref="LoginWindow"/> after which the logins of that name take turns, one every <see cref="LoginWindow"/> divided by this number but at least one in
    /// <see cref="MaxLoginDelay"/>; those that would wait longer than that are answered 421. Addresses from which the name has logged in since the start are exempt. 0: no limit.
    /// </summary>
    public int MaxLoginFailuresPerUser { get; init; } = 100;

    /// <summary>How long failed logins of an address or a user name are remembered.</summary>
    public TimeSpan LoginWindow { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Addresses, and user names, whose failed logins are remembered at the same time, and pairs of both that have logged in.</summary>
    public int MaxRememberedAddresses { get; init; } = 100_000;

    /// <summary>Unknown verbs before login after which the connection is closed with 421. 0: no limit.</summary>
    public int MaxUnknownVerbsBeforeLogin { get; init; } = 5;

    /// <summary>How long a client may take to log in.</summary>
    public TimeSpan LoginTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a session may be idle (RFC 1123 section 4.1.3.2: at least five minutes).</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>The longest idle time that SITE IDLE may ask for.</summary>
    public TimeSpan MaxIdleTimeout { get; init; } = TimeSpan.FromHours(2);

    /// <summary>
    /// How long a TCP connection, control or data, carries nothing before the system asks whether the peer is still there; it then asks every 15 seconds. It
    /// keeps the entries of NAT devices alive, many of which forget a silent connection after a few minutes, and ends sessions of peers that are gone. 0: as
    /// the system is set, two hours on Linux.
    /// </summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Octets of the command lines that wait for the end of a transfer; beyond it the control connection is not read, and ABOR is not heard.</summary>
    public int MaxDeferredBytes { get; init; } = 64 * 1024;

    /// <summary>Octets a second that one session may fetch. 0: no limit.</summary>
    public long DownloadBytesPerSecond { get; init; }

    /// <summary>Octets a second that one session may store. 0: no limit.</summary>
    public long UploadBytesPerSecond { get; init; }

    /// <summary>Digests that are computed at the same time; one more waits for <see cref="HashJobWait"/>.</summary>
    public int MaxHashJobs { get; init; } = 4;

    /// <summary>How long a digest waits for its turn before HASH is answered 450. Most are of small files and over at once, and clients take 450 for a fault of the file.</summary>
    public TimeSpan HashJobWait { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Octets of the longest file that is hashed; beyond it HASH is answered 556. 0: no limit.</summary>
    public long MaxHashLength { get; init; }

    /// <summary>Octets of the longest file that SIZE reads through in TYPE A; beyond it SIZE is answered 550.</summary>
    public long MaxAsciiSizeScan { get; init; } = 64 * 1024 * 1024;

    /// <summary>Files that DSIZ and RMDA may visit.</summary>
    public int MaxTreeEntries { get; init; } = 1_000_000;

    /// <summary>How long running transfers may go on when the server stops.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(30);

    internal void Validate(List<string> faults)
    {
        Positive(faults, nameof(LoginTimeout), LoginTimeout);
        Positive(faults, nameof(IdleTimeout), IdleTimeout);
        Positive(faults, nameof(LoginWindow), LoginWindow);
        if (MaxLineLength is < 512 or > 1024 * 1024)
            faults.Add("Limits.MaxLineLength must lie within 512 octets and 1 MiB.");
        if (MaxSessions < 1)
            faults.Add("Limits.MaxSessions must be at least 1.");
        if (MaxSessionsPerAddress < 1)
            faults.Add("Limits.MaxSessionsPerAddress must be at least 1.");
        if (Ipv6PrefixLength is < 1 or > 128)
            faults.Add("Limits.Ipv6PrefixLength must lie within 1 and 128.");
        if (MaxLoginFailures < 0 || MaxLoginFailuresPerAddress < 0 || MaxLoginFailuresPerUser < 0 || MaxUnknownVerbsBeforeLogin < 0)
            faults.Add("Limits of failures must not be negative.");
        if (LoginDelay < TimeSpan.Zero || MaxLoginDelay < LoginDelay)
            faults.Add("Limits.LoginDelay must not be negative nor above Limits.MaxLoginDelay.");
        if (MaxLoginDelay > TimeSpan.FromHours(1))
            faults.Add("Limits.MaxLoginDelay must be at most an hour.");
        if (MaxRememberedAddresses < 1)
            faults.Add("Limits.MaxRememberedAddresses must be at least 1.");
        if (MaxIdleTimeout < IdleTimeout)
            faults.Add("Limits.MaxIdleTimeout must not be below Limits.IdleTimeout.");
        if (KeepAlive < TimeSpan.Zero || KeepAlive > TimeSpan.FromHours(9))
            faults.Add("Limits.KeepAlive must be between 0 and nine hours.");
        if (MaxDeferredBytes < 1)
            faults.Add("Limits.MaxDeferredBytes must be at least 1.");
        if (DownloadBytesPerSecond < 0 || UploadBytesPerSecond < 0)
            faults.Add("Limits of bandwidth must not be negative.");
        if (MaxHashJobs < 1)
            faults.Add("Limits.MaxHashJobs must be at least 1.");
        if (HashJobWait < TimeSpan.Zero || HashJobWait > TimeSpan.FromHours(1))
            faults.Add("Limits.HashJobWait must be between 0 and an hour.");
        if (MaxHashLength < 0 || MaxAsciiSizeScan < 0)
            faults.Add("Limits of lengths must not be negative.");
        if (MaxTreeEntries < 1)
            faults.Add("Limits.MaxTreeEntries must be at least 1.");
        if (StopGrace < TimeSpan.Zero || StopGrace > FtpServerOptions.LongestTimer)
            faults.Add("Limits.StopGrace must be between 0 and a day.");
    }

    private static void Positive(List<string> faults, string name, TimeSpan value)
    {
        if (value <= TimeSpan.Zero)
            faults.Add($"Limits.{name} must be positive.");
    }
}
