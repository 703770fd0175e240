using Grpc.Core;

namespace ZeroFtp.Storage.Objects.ZeroStor.Daemons;

/// <summary>A daemon's failure, sorted. The daemon gives most of them the same code, so its texts have to be read.</summary>
internal sealed class DaemonException(FailureKind kind, string daemon, string message, Exception? inner = null) : Exception($"{daemon}: {message}", inner)
{
    public FailureKind Kind => kind;

    /// <summary>Whether the same call may succeed a little later, here or elsewhere.</summary>
    public bool IsTransient => kind is FailureKind.Unreachable or FailureKind.Broken or FailureKind.ShardsDown;

    /// <summary>Whether it is the daemon that is ill, rather than what is behind it.</summary>
    public bool IsDaemonsFault => kind is FailureKind.Unreachable;

    /// <summary>Whether it is about shards or parts, so that the daemon itself is well.</summary>
    public bool IsOfShards => kind is FailureKind.ShardsDown or FailureKind.Lost or FailureKind.Gone or FailureKind.NoSuchShard;

    public static DaemonException From(RpcException failure, string daemon) =>
        new(Sort(failure.StatusCode, failure.Status.Detail), daemon, $"{failure.StatusCode}: {failure.Status.Detail}", failure);

    internal static FailureKind Sort(StatusCode code, string text) => code switch
    {
        StatusCode.Unavailable or StatusCode.Cancelled or StatusCode.Aborted or StatusCode.DeadlineExceeded => FailureKind.Unreachable,
        // The framework's own word for a connection that broke while the answer was on its way.
        StatusCode.Internal => FailureKind.Unreachable,
        StatusCode.OutOfRange when Has(text, "EOF") => FailureKind.ShardsDown,
        // Of a message's size the daemon or the framework says so; otherwise a server that closed the connection for too many pings, or is out of something.
        StatusCode.ResourceExhausted => Has(text, "larger than max") || Has(text, "exceeds the maximum") ? FailureKind.Refused : FailureKind.Unreachable,
        StatusCode.NotFound => FailureKind.Gone,
        StatusCode.InvalidArgument or StatusCode.Unimplemented or StatusCode.PermissionDenied or StatusCode.Unauthenticated => FailureKind.Refused,
        _ when Has(text, "hash do not match") || Has(text, "message authentication failed") || Has(text, "corrupt") || Has(text, "size not match") => FailureKind.Corrupt,
        _ when Has(text, "no space left") || Has(text, "namespace if full") || Has(text, "namespace is full") => FailureKind.Full,
        _ when Has(text, "key not found") || Has(text, "key is no found") => FailureKind.Gone,
        _ when text.StartsWith("shard ", StringComparison.OrdinalIgnoreCase) && text.EndsWith(" not found", StringComparison.OrdinalIgnoreCase) => FailureKind.NoSuchShard,
        _ when Has(text, "shards are unavailable") || Has(text, "dial tcp") || Has(text, "connection refused") => FailureKind.ShardsDown,
        _ => FailureKind.Broken,
    };

    private static bool Has(string text, string what) => text.Contains(what, StringComparison.OrdinalIgnoreCase);
}
