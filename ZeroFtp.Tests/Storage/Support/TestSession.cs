using System.Net;
using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Tests.Storage.Support;

/// <summary>A session as a login sees it.</summary>
internal sealed class TestSession(string? address = "192.0.2.1", bool isProtected = false, string? host = null) : FtpSessionInfo
{
    public override long Id => 1;

    public override EndPoint? RemoteEndPoint { get; } = address is null ? null : new IPEndPoint(IPAddress.Parse(address), 40_000);

    public override EndPoint? LocalEndPoint => null;

    public override DateTimeOffset OpenedAt => DateTimeOffset.UnixEpoch;

    public override string? User => null;

    public override string? HostName => host;

    public override string? ClientName => null;

    public override bool IsProtected => isProtected;

    public override string? Activity => null;

    public override long BytesReceived => 0;

    public override long BytesSent => 0;
}
