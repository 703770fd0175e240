using System.Net;

namespace ZeroFtp.Protocol.Options;

/// <summary>Everything that can be set about a server. Options are fixed once the server is made; <see cref="Validate"/> tells every fault at once.</summary>
public sealed record FtpServerOptions
{
    /// <summary>Where the server listens. May be empty if all connections come through <see cref="FtpServer.ServeAsync"/>.</summary>
    public IReadOnlyList<FtpEndPoint> EndPoints { get; init; } = [new FtpEndPoint(new IPEndPoint(IPAddress.Loopback, 2121))];

    /// <summary>The lines of the greeting (220).</summary>
    public IReadOnlyList<string> Greeting { get; init; } = ["FTP server ready."];

    /// <summary>The name that CSID and STAT show.</summary>
    public string ServerName { get; init; } = "ZeroFtp";

    /// <summary>TLS policy.</summary>
    public FtpTlsOptions Tls { get; init; } = new();

    /// <summary>Data connections.</summary>
    public FtpDataOptions Data { get; init; } = new();

    /// <summary>Limits and time-outs.</summary>
    public FtpLimitOptions Limits { get; init; } = new();

    /// <summary>Verbs and behaviour that can be switched.</summary>
    public FtpFeatureOptions Features { get; init; } = new();

    /// <summary>Listings.</summary>
    public FtpListingOptions Listing { get; init; } = new();

    /// <summary>The PROXY protocol.</summary>
    public FtpProxyOptions Proxy { get; init; } = new();

    /// <summary>Names that HOST accepts; if empty every well-formed name is accepted (RFC 7151).</summary>
    public IReadOnlyList<string> HostNames { get; init; } = [];

    /// <summary>Names that HOST answers with 421 and the end of the connection, because the host is out of service for a while (RFC 7151 section 3.2).</summary>
    public IReadOnlyList<string> ClosedHostNames { get; init; } = [];

    /// <summary>The longest time that becomes a timer of the runtime, which takes no more than some weeks.</summary>
    internal static TimeSpan LongestTimer { get; } = TimeSpan.FromDays(1);

    /// <summary>All faults, each in one sentence; empty if the options are sound.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> faults = [];
        if (Greeting.Count == 0)
            faults.Add("Greeting must have at least one line.");
        Tls.Validate(faults);
        Data.Validate(faults);
        Limits.Validate(faults);
        Features.Validate(faults);
        if (Proxy.HeaderTimeout <= TimeSpan.Zero || Proxy.HeaderTimeout > LongestTimer)
            faults.Add("Proxy.HeaderTimeout must be above 0 and at most a day.");
        faults.AddRange(Listing.Validate().Select(static fault => "Listing." + fault));
        return faults;
    }
}

/// <summary>An address to listen on.</summary>
/// <param name="Address">The address and port; port 0 lets the system choose. An IPv6 any-address listens for IPv4 too.</param>
/// <param name="ImplicitTls">Whether TLS starts at once, as is the practice on port 990; no RFC describes it.</param>
public sealed record FtpEndPoint(IPEndPoint Address, bool ImplicitTls = false);

/// <summary>Which peers may tell the client's address by the PROXY protocol, versions 1 and 2.</summary>
public sealed record FtpProxyOptions
{
    /// <summary>Networks whose connections must begin with a PROXY header. Empty: the protocol is off.</summary>
    public IReadOnlyList<IPNetwork> TrustedNetworks { get; init; } = [];

    /// <summary>Whether data connections from a trusted network begin with a header too.</summary>
    public bool OnDataConnections { get; init; }

    /// <summary>How long the header may take.</summary>
    public TimeSpan HeaderTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
