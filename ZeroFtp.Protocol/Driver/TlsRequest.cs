namespace ZeroFtp.Protocol.Driver;

/// <summary>Which handshake TLS parameters are wanted for.</summary>
public sealed record TlsRequest
{
    /// <summary>The session whose connection is to be protected.</summary>
    public required FtpSessionInfo Session { get; init; }

    /// <summary>The server name of the ClientHello (SNI), or, without one, the name that HOST gave; null if neither was sent.</summary>
    public string? ServerName { get; init; }

    /// <summary>Whether the handshake is on a data connection. It must present the same certificate as the control connection (RFC 4217 section 15.1.1).</summary>
    public bool IsDataConnection { get; init; }
}
