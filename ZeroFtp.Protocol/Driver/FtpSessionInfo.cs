using System.Net;

namespace ZeroFtp.Protocol.Driver;

/// <summary>What is known of a session from outside. One instance lives as long as its session; its properties change as the session goes on and may be read from any thread.</summary>
public abstract class FtpSessionInfo
{
    /// <summary>A number that no other session of this process has.</summary>
    public abstract long Id { get; }

    /// <summary>The client's address and port, as a PROXY header gave it if there was one.</summary>
    public abstract EndPoint? RemoteEndPoint { get; }

    /// <summary>
    /// The network that counts as one client in every limit of an address: an IPv4 address alone, an IPv6 address with <c>FtpLimitOptions.Ipv6PrefixLength</c> bits. Null if the client has no address; the default.
    /// </summary>
    public virtual IPNetwork? ClientNetwork => null;

    /// <summary>The server's address and port of the control connection.</summary>
    public abstract EndPoint? LocalEndPoint { get; }

    /// <summary>When the connection was accepted.</summary>
    public abstract DateTimeOffset OpenedAt { get; }

    /// <summary>The user who is logged in, or null.</summary>
    public abstract string? User { get; }

    /// <summary>The virtual host that HOST or SNI chose, or null.</summary>
    public abstract string? HostName { get; }

    /// <summary>The client program as given by CLNT or CSID, or null.</summary>
    public abstract string? ClientName { get; }

    /// <summary>Whether the control connection is under TLS now.</summary>
    public abstract bool IsProtected { get; }

    /// <summary>The transfer verb that is running with its path, for example <c>RETR /a</c>, or null.</summary>
    public abstract string? Activity { get; }

    /// <summary>The running transfer with the bytes that it has moved so far, or null. Each call returns a new snapshot.</summary>
    public virtual FtpTransferProgress? Transfer => null;

    /// <summary>Bytes uploaded in this session over data connections, including those of a running transfer.</summary>
    public abstract long BytesReceived { get; }

    /// <summary>Bytes downloaded in this session over data connections, including those of a running transfer.</summary>
    public abstract long BytesSent { get; }
}
