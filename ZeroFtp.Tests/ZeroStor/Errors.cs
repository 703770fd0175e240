using Grpc.Core;

namespace ZeroFtp.ZeroStor;

/// <summary>The daemon's failures, with its codes and its texts.</summary>
internal static class Errors
{
    public const int MessageLimit = 32 << 20;

    public static RpcException ShardsUnavailable() => new(new Status(StatusCode.Unknown, "(too many?) shards are unavailable"));

    public static RpcException NoSuchShard(string shard) => new(new Status(StatusCode.Unknown, $"shard {shard} not found"));

    public static RpcException SizesDiffer() => new(new Status(StatusCode.Unknown, "shards size not match"));

    public static RpcException Full() => new(new Status(StatusCode.Unknown, "No space left on this namespace"));

    public static RpcException Eof() => new(new Status(StatusCode.OutOfRange, "EOF"));

    public static RpcException Refused(string shard) => new(new Status(StatusCode.Unknown, $"dial tcp {shard}: connect: connection refused"));

    public static RpcException HashMismatch() => new(new Status(StatusCode.Unknown, "error while reading data: data and hash do not match"));

    public static RpcException NotAuthentic() => new(new Status(StatusCode.Unknown, "cipher: message authentication failed"));

    public static RpcException PartGone() => new(new Status(StatusCode.Unknown, "Key not found"));

    public static RpcException NoSuchKey() => new(new Status(StatusCode.NotFound, "key could not be found"));

    public static RpcException Invalid(string what) => new(new Status(StatusCode.InvalidArgument, what));

    public static RpcException Reset() => new(new Status(StatusCode.Unknown, "read: connection reset by peer"));

    public static RpcException NoMetadataStore() => new(new Status(StatusCode.Unimplemented, "no metadata store is configured"));

    public static void RefuseOversized(int length, string verb)
    {
        if (length > MessageLimit)
            throw new RpcException(new Status(StatusCode.ResourceExhausted, $"grpc: {verb} message larger than max ({length} vs. {MessageLimit})"));
    }
}
