using Grpc.Core;

namespace ZeroFtp.Storage.Objects.ZeroStor.Daemons;

/// <summary>A classified failure of a daemon. The daemon uses the same status code for most failures, so its texts have to be examined.</summary>
internal sealed class DaemonException(FailureKind kind, string daemon, string message, Exception? inner = null) : Exception($"{daemon}: {message}", inner)
{
    public FailureKind Kind => kind;

    /// <summary>True if the same call may succeed a little later, on this daemon or another.</summary>
    public bool IsTransient => kind is FailureKind.Unreachable or FailureKind.Broken or FailureKind.ShardsDown;

    /// <summary>True if the daemon itself fails, rather than something behind it.</summary>
    public bool IsDaemonsFault => kind is FailureKind.Unreachable;

    /// <summary>True if the failure concerns shards or parts, while the daemon itself is well.</summary>
    public bool IsOfShards => kind is FailureKind.ShardsDown or FailureKind.Lost or FailureKind.Gone or FailureKind.NoSuchShard;

    public static DaemonException From(RpcException failure, string daemon) =>
        new(Sort(failure.StatusCode, failure.Status.Detail), daemon, $"{failure.StatusCode}: {failure.Status.Detail}", failure);

    internal static FailureKind Sort(StatusCode code, string text) => code switch
    {
        StatusCode.Unavailable or StatusCode.Cancelled or StatusCode.Aborted or StatusCode.DeadlineExceeded => FailureKind.Unreachable,
        // gRPC reports this when a connection breaks while the answer arrives.
        StatusCode.Internal => FailureKind.Unreachable,
        StatusCode.OutOfRange when Has(text, "EOF") => FailureKind.ShardsDown,
        // The daemon and gRPC name the message size if that is the reason. Otherwise the server closed the connection after too many pings, or lacks some
        // resource.
        StatusCode.ResourceExhausted => Has(text, "larger than max") || Has(text, "exceeds the maximum") ? FailureKind.Refused : FailureKind.Unreachable,
        StatusCode.NotFound => FailureKind.Gone,
        StatusCode.InvalidArgument or StatusCode.Unimplemented or StatusCode.PermissionDenied or StatusCode.Unauthenticated => FailureKind.Refused,
        _ when Has(text, "hash do not match") || Has(text, "message authentication failed") || Has(text, "corrupt") || Has(text, "size not match") =>
            FailureKind.Corrupt,
        _ when Has(text, "no space left") || Has(text, "namespace if full") || Has(text, "namespace is full") => FailureKind.Full,
        _ when Has(text, "key not found") || Has(text, "key is no found") => FailureKind.Gone,
        _ when text.StartsWith("shard ", StringComparison.OrdinalIgnoreCase) && text.EndsWith(" not found", StringComparison.OrdinalIgnoreCase) =>
            FailureKind.NoSuchShard,
        _ when Has(text, "shards are unavailable") || Has(text, "dial tcp") || Has(text, "connection refused") => FailureKind.ShardsDown,
        _ => FailureKind.Broken,
    };

    private static bool Has(string text, string what) => text.Contains(what, StringComparison.OrdinalIgnoreCase);
}
