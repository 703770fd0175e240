using System.Net;

namespace ZeroFtp.Protocol.Options;

/// <summary>An inclusive range of ports.</summary>
/// <param name="First">The lowest.</param>
/// <param name="Last">The highest.</param>
public readonly record struct FtpPortRange(int First, int Last);

/// <summary>Data connections: addresses, ports, time-outs.</summary>
public sealed record FtpDataOptions
{
    /// <summary>Ports for passive mode; null lets the system choose.</summary>
    public FtpPortRange? PassivePorts { get; init; }

    /// <summary>Whether PASV and EPSV are allowed.</summary>
    public bool AllowPassive { get; init; } = true;

    /// <summary>Whether PORT and EPRT are allowed.</summary>
    public bool AllowActive { get; init; } = true;

    /// <summary>Whether PORT may name, and passive ports may take, other addresses than the client's (server-to-server transfers). Loopback, multicast and the server's own address stay refused unless the client is on this host.</summary>
    public bool AllowFxp { get; init; }

    /// <summary>
    /// The IPv4 address that PASV tells to clients, resolved at each PASV (so that a changing address can be followed), or null for the control connection's own.
    /// Clients whose address is private or loopback get the control connection's own address unless <see cref="ExternalAddressForPrivatePeers"/> is set.
    /// </summary>
    public Func<CancellationToken, ValueTask<IPAddress?>>? ExternalAddress { get; init; }

    /// <summary>Whether private and loopback peers too are told the external address.</summary>
    public bool ExternalAddressForPrivatePeers { get; init; }

    /// <summary>Whether a transfer without PASV or PORT connects to the client's control port (RFC 959 section 5.2).</summary>
    public bool UseDefaultDataPort { get; init; }

    /// <summary>The source port of active connections, usually 20, where the system allows it; 0 leaves the choice to the system.</summary>
    public int ActiveSourcePort { get; init; }

    /// <summary>How long a passive port waits for the client.</summary>
    public TimeSpan AcceptTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an active connection may take.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a transfer may make no progress: the client sends nothing, or acknowledges nothing of what it is sent. A client that is slow but steady is not silent.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>
    /// Whether the end of the data is always the end of an upload, also if the control connection ended before without QUIT. It is for devices that drop both connections in any order; the file of a client that was killed
    /// is then stored cut. <see cref="FtpTlsOptions.RequireCloseNotify"/> holds all the same.
    /// </summary>
    public bool TrustEndOfData { get; init; }

    /// <summary>Octets of one buffer of a transfer. It decides how much is written to a file or a socket at once.</summary>
    public int BufferSize { get; init; } = 256 * 1024;

    internal void Validate(List<string> faults)
    {
        if (PassivePorts is { } ports && (ports.First < 1 || ports.Last > 65535 || ports.First > ports.Last))
            faults.Add("Data.PassivePorts must lie within 1 to 65535, lowest first.");
        if (!AllowPassive && !AllowActive)
            faults.Add("Data.AllowPassive and Data.AllowActive must not both be off.");
        if (ActiveSourcePort is < 0 or > 65535)
            faults.Add("Data.ActiveSourcePort must lie within 0 to 65535.");
        if (BufferSize is < 4096 or > 16 * 1024 * 1024)
            faults.Add("Data.BufferSize must lie within 4096 octets and 16 MiB.");
        if (AcceptTimeout <= TimeSpan.Zero || AcceptTimeout > FtpServerOptions.LongestTimer)
            faults.Add("Data.AcceptTimeout must be above 0 and at most a day.");
        if (ConnectTimeout <= TimeSpan.Zero || ConnectTimeout > FtpServerOptions.LongestTimer)
            faults.Add("Data.ConnectTimeout must be above 0 and at most a day.");
        if (StallTimeout <= TimeSpan.Zero)
            faults.Add("Data.StallTimeout must be positive.");
    }
}
