using Grpc.Core;
using ZeroFtp.Storage.Objects.ZeroStor.Daemons;

namespace ZeroFtp.Tests.Storage.ZeroStor;

/// <summary>The daemon's texts as they were seen, and what they are taken for.</summary>
public sealed class DaemonExceptionTests
{
    [Theory]
    [InlineData(StatusCode.Unknown, "(too many?) shards are unavailable", "ShardsDown")]
    [InlineData(StatusCode.Unknown, "dial tcp 127.0.0.1:9900: connect: connection refused", "ShardsDown")]
    [InlineData(StatusCode.OutOfRange, "EOF", "ShardsDown")]
    [InlineData(StatusCode.Unknown, "error while reading: data and hash do not match", "Corrupt")]
    [InlineData(StatusCode.Unknown, "cipher: message authentication failed", "Corrupt")]
    [InlineData(StatusCode.Unknown, "Key not found", "Gone")]
    [InlineData(StatusCode.NotFound, "", "Gone")]
    [InlineData(StatusCode.InvalidArgument, "no data", "Refused")]
    [InlineData(StatusCode.ResourceExhausted, "grpc: received message larger than max (33554433 vs. 33554432)", "Refused")]
    [InlineData(StatusCode.ResourceExhausted, "Sending message exceeds the maximum configured message size.", "Refused")]
    [InlineData(StatusCode.ResourceExhausted, "Error starting gRPC call. HttpProtocolException: The HTTP/2 server closed the connection. HTTP/2 error code 'ENHANCE_YOUR_CALM' (0xb).", "Unreachable")]
    [InlineData(StatusCode.Unimplemented, "unknown service", "Refused")]
    [InlineData(StatusCode.Unavailable, "Error connecting", "Unreachable")]
    [InlineData(StatusCode.Unknown, "No space left on this namespace", "Full")]
    [InlineData(StatusCode.Unknown, "something else", "Broken")]
    public void A_failure_is_sorted(StatusCode code, string text, string kind)
    {
        DaemonException failure = DaemonException.From(new RpcException(new Status(code, text)), "http://a:1");
        Assert.Equal(kind, failure.Kind.ToString());
        Assert.Equal(kind is "Unreachable" or "Broken" or "ShardsDown", failure.IsTransient);
        Assert.StartsWith("http://a:1: ", failure.Message, StringComparison.Ordinal);
    }
}
