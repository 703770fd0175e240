using ZeroFtp.Protocol.Options;

namespace ZeroFtp.Host.Configuration;

/// <summary>The keys of limits and time-outs.</summary>
internal static class LimitsBinder
{
    public static FtpLimitOptions Bind(ConfigurationReader reader, FtpLimitOptions defaults)
    {
        FtpLimitOptions limits = new()
        {
            MaxLineLength = reader.Number("limits:maxLineLength", defaults.MaxLineLength, 512, 1 << 20, "The longest command line, in bytes."),
            MaxSessions = reader.Number("limits:maxSessions", defaults.MaxSessions, 1, 10_000_000, "Sessions at the same time."),
            MaxSessionsPerAddress = reader.Number("limits:maxSessionsPerAddress", defaults.MaxSessionsPerAddress, 1, 10_000_000,
                "Sessions at the same time from one address."),
            Ipv6PrefixLength = reader.Number("limits:ipv6PrefixLength", defaults.Ipv6PrefixLength, 1, 128,
                "Bits of an IPv6 address that count as one address in every limit of an address."),
            MaxLoginFailures = reader.Number("limits:maxLoginFailures", defaults.MaxLoginFailures, 0, 1_000_000,
                "Failed logins after which a connection is closed; 0: no limit and no delay."),
            LoginDelay = reader.Time("limits:loginDelay", defaults.LoginDelay,
                "The delay of the answer to the first failed login of an address; doubled with each further one."),
            MaxLoginDelay = reader.Time("limits:maxLoginDelay", defaults.MaxLoginDelay, "The longest delay of the answer to a failed login."),
            MaxLoginFailuresPerAddress = reader.Number("limits:maxLoginFailuresPerAddress", defaults.MaxLoginFailuresPerAddress, 0, 1_000_000,
                "Failed logins within loginWindow after which an address is refused; 0: no limit."),
            MaxLoginFailuresPerUser = reader.Number("limits:maxLoginFailuresPerUser", defaults.MaxLoginFailuresPerUser, 0, 1_000_000,
                "Failed logins of one user name within loginWindow, over all addresses, after which its logins take turns, except from addresses where it has logged in; 0: no limit."),
            LoginWindow = reader.Time("limits:loginWindow", defaults.LoginWindow, "How long failed logins are remembered."),
            MaxRememberedAddresses = reader.Number("limits:maxRememberedAddresses", defaults.MaxRememberedAddresses, 1, 100_000_000,
                "Addresses, and user names, whose failed logins are remembered, and pairs of both that have logged in."),
            MaxUnknownVerbsBeforeLogin = reader.Number("limits:maxUnknownVerbsBeforeLogin", defaults.MaxUnknownVerbsBeforeLogin, 0, 1_000_000,
                "Unknown verbs before login after which a connection is closed; 0: no limit."),
            LoginTimeout = reader.Time("limits:loginTimeout", defaults.LoginTimeout, "How long a client may take to log in."),
            IdleTimeout = reader.Time("limits:idleTimeout", defaults.IdleTimeout, "How long a session may be idle."),
            MaxIdleTimeout = reader.Time("limits:maxIdleTimeout", defaults.MaxIdleTimeout, "The longest idle time that SITE IDLE may ask for."),
            KeepAlive = reader.Time("limits:keepAlive", defaults.KeepAlive,
                "How long a TCP connection is silent before the system asks whether the peer is still there; 0: as the system is set."),
            MaxDeferredBytes = (int)Math.Min(int.MaxValue, reader.Size("limits:maxDeferredBytes", defaults.MaxDeferredBytes,
                "The most bytes of commands that wait for the end of a transfer.")),
            DownloadBytesPerSecond = reader.Size("limits:downloadBytesPerSecond", defaults.DownloadBytesPerSecond,
                "Bandwidth of one session, down; 0: no limit."),
            UploadBytesPerSecond = reader.Size("limits:uploadBytesPerSecond", defaults.UploadBytesPerSecond, "Bandwidth of one session, up; 0: no limit."),
            MaxHashJobs = reader.Number("limits:maxHashJobs", defaults.MaxHashJobs, 1, 10_000, "Digests computed at the same time."),
            HashJobWait = reader.Time("limits:hashJobWait", defaults.HashJobWait, "How long a digest waits for its turn before it is answered 450."),
            MaxHashLength = reader.Size("limits:maxHashLength", defaults.MaxHashLength, "The longest file that is hashed; 0: no limit."),
            MaxAsciiSizeScan = reader.Size("limits:maxAsciiSizeScan", defaults.MaxAsciiSizeScan, "The longest file that SIZE reads through in TYPE A."),
            MaxTreeEntries = reader.Number("limits:maxTreeEntries", defaults.MaxTreeEntries, 1, int.MaxValue, "Files that DSIZ and RMDA may visit."),
            StopGrace = reader.Time("limits:stopGrace", defaults.StopGrace, "How long running transfers may go on when the server stops."),
        };
        return reader.Flag("noLoginLimits", false,
            "Lifts the limits on logins and connections of one address; for tests on loopback.") ? WithoutLoginLimits(limits) : limits;
    }

    private static FtpLimitOptions WithoutLoginLimits(FtpLimitOptions limits) => limits with
    {
        MaxLoginFailures = 0,
        MaxLoginFailuresPerAddress = 0,
        MaxLoginFailuresPerUser = 0,
        LoginDelay = TimeSpan.Zero,
        MaxUnknownVerbsBeforeLogin = 0,
        MaxSessionsPerAddress = limits.MaxSessions,
    };
}
