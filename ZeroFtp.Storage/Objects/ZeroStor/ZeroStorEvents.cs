using Microsoft.Extensions.Logging;

namespace ZeroFtp.Storage.Objects.ZeroStor;

/// <summary>What happens between this front-end and 0-stor and an operator may want to know.</summary>
internal sealed partial class ZeroStorEvents(ILogger logger)
{
    [LoggerMessage(3201, LogLevel.Information, "{Operation} is tried again after {Delay} (attempt {Attempt}): {Reason}")]
    public partial void Retried(string operation, TimeSpan delay, int attempt, string reason);

    [LoggerMessage(3202, LogLevel.Debug, "{Operation} got no answer yet and is also sent to a second daemon")]
    public partial void Hedged(string operation);

    [LoggerMessage(3203, LogLevel.Warning, "The 0-stor daemon {Daemon} fails and is left alone for {Pause}: {Reason}")]
    public partial void Opened(string daemon, TimeSpan pause, string reason);

    [LoggerMessage(3204, LogLevel.Information, "The 0-stor daemon {Daemon} works again")]
    public partial void Closed(string daemon);

    [LoggerMessage(3205, LogLevel.Information, "The 0-stor daemon {Daemon} did not answer within {Limit}")]
    public partial void TimedOut(string daemon, TimeSpan limit);

    [LoggerMessage(3206, LogLevel.Warning, "An object was read with wrong octets: {Reason}")]
    public partial void Corrupt(string reason);

    [LoggerMessage(3207, LogLevel.Information, "An object of {Length} octets was repaired")]
    public partial void Repaired(long length);

    [LoggerMessage(3208, LogLevel.Error, "An object of {Length} octets could not be repaired: {Reason}")]
    public partial void NotRepaired(long length, string reason);

    [LoggerMessage(3209, LogLevel.Information, "A write failed or ended without an answer; what it may have stored cannot be found again")]
    public partial void Orphan();

    [LoggerMessage(3210, LogLevel.Warning, "A deletion left {Parts} parts: too few of their object are there to prove that they are its own")]
    public partial void PartsLeft(int parts);

    [LoggerMessage(3211, LogLevel.Warning, "A deletion left {Parts} parts that belong to other objects: a shard was emptied and kept its name")]
    public partial void PartsForeign(int parts);
}
