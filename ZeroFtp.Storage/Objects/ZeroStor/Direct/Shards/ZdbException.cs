namespace ZeroFtp.Storage.Objects.ZeroStor.Direct.Shards;

/// <summary>Why a command of 0-db failed.</summary>
internal enum ZdbFailure
{
    /// <summary>The connection could not be made, broke, or gave no answer in time. Whether the command was carried out is not known.</summary>
    Unreachable,

    /// <summary>The namespace has reached its quota, or the disk is full.</summary>
    Full,

    /// <summary>The namespace does not accept writes or deletions now: it is read-only, locked, frozen or in worm mode.</summary>
    ReadOnly,

    /// <summary>The namespace is not there, needs another password, or does not number its keys itself. Nothing was done.</summary>
    Refused,

    /// <summary>The server answered with another error, or with something that is not of its protocol.</summary>
    Other,
}

/// <summary>A command of 0-db failed.</summary>
internal sealed class ZdbException(ZdbFailure failure, string shard, string message, Exception? inner = null) : Exception($"{shard}: {message}", inner)
{
    public ZdbFailure Failure => failure;

    public string Shard => shard;

    /// <summary>Whether the shard is at fault, so that its circuit breaker counts the failure.</summary>
    public bool IsShardsFault => failure is ZdbFailure.Unreachable or ZdbFailure.Refused;

    /// <summary>Makes an exception from the text behind the minus sign of an error reply.</summary>
    public static ZdbException Of(string shard, string error) => new(FailureOf(error), shard, error);

    private static ZdbFailure FailureOf(string error) => error switch
    {
        _ when error.StartsWith("No space left", StringComparison.Ordinal) || error.StartsWith("Cannot write", StringComparison.Ordinal)
            || error.StartsWith("Cannot delete key (data)", StringComparison.Ordinal) => ZdbFailure.Full,
        _ when error.Contains("read-only", StringComparison.Ordinal) || error.Contains("frozen", StringComparison.Ordinal)
            || error.Contains("worm mode", StringComparison.Ordinal) => ZdbFailure.ReadOnly,
        _ when error.StartsWith("Namespace", StringComparison.Ordinal) || error.StartsWith("Access denied", StringComparison.Ordinal)
            || error.StartsWith("Your active namespace", StringComparison.Ordinal)
            || error.StartsWith("This namespace", StringComparison.Ordinal) || error.StartsWith("Permission denied", StringComparison.Ordinal) =>
                ZdbFailure.Refused,
        _ => ZdbFailure.Other,
    };
}
