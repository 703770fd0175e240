namespace ZeroFtp.Host;

/// <summary>Everything that the program itself logs; the engine and the storage have their own.</summary>
internal static partial class Log
{
    [LoggerMessage(4001, LogLevel.Information, "zeroftp {Version} serves {Data}")]
    public static partial void Starting(this ILogger logger, string version, string data);

    [LoggerMessage(4002, LogLevel.Warning,
        "limits:maxSessions is {Wanted}, but {Descriptors} file descriptors suffice for {Sessions} sessions, which is the limit now; raise the limit of open files to {Needed} (ulimit -n, LimitNOFILE=)")]
    public static partial void SessionsLimitedByDescriptors(this ILogger logger, int wanted, long descriptors, int sessions, long needed);

    [LoggerMessage(4003, LogLevel.Information, "stopping: waiting up to {Grace} for {Transfers}; a second Ctrl-C or SIGTERM ends it now")]
    public static partial void Stopping(this ILogger logger, string grace, string transfers);

    [LoggerMessage(4004, LogLevel.Information, "stopping: ending {Transfers} now")]
    public static partial void StoppingNow(this ILogger logger, string transfers);

    [LoggerMessage(4010, LogLevel.Information, "made a self-signed certificate: {File}")]
    public static partial void SelfSignedMade(this ILogger logger, string file);

    [LoggerMessage(4011, LogLevel.Information, "took the new version of the certificate {File}, valid until {ExpiresAt:yyyy-MM-dd}")]
    public static partial void CertificateReloaded(this ILogger logger, string file, DateTimeOffset expiresAt);

    [LoggerMessage(4012, LogLevel.Error, "the certificate in use stays: {Reason}")]
    public static partial void CertificateNotReloaded(this ILogger logger, string reason);

    [LoggerMessage(4013, LogLevel.Warning, "the certificate {Subject} ends on {ExpiresAt:yyyy-MM-dd}")]
    public static partial void CertificateExpires(this ILogger logger, string subject, DateTimeOffset expiresAt);

    [LoggerMessage(4020, LogLevel.Error, "the transfer log {File} cannot be written, {Lost} records are lost so far: {Reason}")]
    public static partial void TransferLogFailed(this ILogger logger, string file, long lost, string reason);

    [LoggerMessage(4021, LogLevel.Warning, "the transfer log cannot keep up, {Lost} records are lost so far")]
    public static partial void TransferLogOverrun(this ILogger logger, long lost);

    [LoggerMessage(4030, LogLevel.Information, "reloading the configuration: {Cause}")]
    public static partial void Reloading(this ILogger logger, string cause);

    [LoggerMessage(4031, LogLevel.Error, "the configuration in use stays: {Fault}")]
    public static partial void ReloadRefused(this ILogger logger, string fault);

    [LoggerMessage(4032, LogLevel.Information, "{Key} is now {Value}")]
    public static partial void KeyReloaded(this ILogger logger, string key, string value);

    [LoggerMessage(4033, LogLevel.Warning, "{Key} was changed and takes effect at the next start")]
    public static partial void KeyNeedsRestart(this ILogger logger, string key);

    [LoggerMessage(4040, LogLevel.Warning, "the public host {Host} cannot be resolved: {Reason}")]
    public static partial void PublicHostUnknown(this ILogger logger, string host, string reason);
}
