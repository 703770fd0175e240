using Microsoft.Extensions.Logging;

namespace ZeroFtp.Storage.Objects.ZeroStor;

/// <summary>Log events about 0-stor that an operator may want to know.</summary>
internal sealed partial class ZeroStorEvents(ILogger logger)
{
    [LoggerMessage(3201, LogLevel.Information, "Retrying {Operation} in {Delay} (attempt {Attempt}): {Reason}")]
    public partial void Retried(string operation, TimeSpan delay, int attempt, string reason);

    [LoggerMessage(3202, LogLevel.Debug, "No answer to {Operation} yet; sending it to a second daemon too")]
    public partial void Hedged(string operation);

    [LoggerMessage(3203, LogLevel.Warning, "0-stor daemon {Daemon} is failing; circuit open for {Pause}: {Reason}")]
    public partial void Opened(string daemon, TimeSpan pause, string reason);

    [LoggerMessage(3204, LogLevel.Information, "0-stor daemon {Daemon} works again; circuit closed")]
    public partial void Closed(string daemon);

    [LoggerMessage(3205, LogLevel.Information, "0-stor daemon {Daemon} did not answer within {Limit}")]
    public partial void TimedOut(string daemon, TimeSpan limit);

    [LoggerMessage(3206, LogLevel.Warning, "An object was read with wrong content: {Reason}")]
    public partial void Corrupt(string reason);

    [LoggerMessage(3207, LogLevel.Information, "An object of {Length} bytes was repaired")]
    public partial void Repaired(long length);

    [LoggerMessage(3208, LogLevel.Error, "An object of {Length} bytes could not be repaired: {Reason}")]
    public partial void NotRepaired(long length, string reason);

    [LoggerMessage(3209, LogLevel.Information, "A write failed or got no answer; parts that it stored, if any, cannot be found again")]
    public partial void Orphan();

    [LoggerMessage(3210, LogLevel.Warning, "A deletion left {Parts} parts: too few parts of the object are available to prove that they belong to it")]
    public partial void PartsLeft(int parts);

    [LoggerMessage(3211, LogLevel.Warning, "A deletion left {Parts} parts that belong to other objects: a shard was emptied but kept its name")]
    public partial void PartsForeign(int parts);
}
