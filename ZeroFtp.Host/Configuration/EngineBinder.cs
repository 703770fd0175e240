using System.Net;
using ZeroFtp.Protocol.Options;

namespace ZeroFtp.Host.Configuration;

/// <summary>The keys of the engine's options. Every property of <see cref="FtpServerOptions"/> has one, named after it.</summary>
internal static class EngineBinder
{
    public static FtpServerOptions Bind(ConfigurationReader reader)
    {
        FtpServerOptions defaults = new();
        FtpServerOptions options = new()
        {
            EndPoints = BindEndPoints(reader),
            Greeting = reader.Texts("greeting", defaults.Greeting, "The lines of the greeting."),
            ServerName = reader.Text("serverName", defaults.ServerName, "The name that CSID and STAT show."),
            HostNames = reader.Texts("hostNames", defaults.HostNames, "Names that HOST accepts; empty: every well-formed one."),
            ClosedHostNames = reader.Texts("closedHostNames", defaults.ClosedHostNames,
                "Names that HOST answers with 421, because they are out of service for a while."),
            Tls = BindTls(reader, defaults.Tls),
            Data = DataConnectionsBinder.Bind(reader, defaults.Data),
            Limits = LimitsBinder.Bind(reader, defaults.Limits),
            Features = FeaturesBinder.Bind(reader, defaults.Features),
            Listing = ListingBinder.Bind(reader, defaults.Listing),
            Proxy = BindProxy(reader, defaults.Proxy),
        };
        OptionFaults.Report(reader, options.Validate(), property => property.StartsWith("Data.", StringComparison.Ordinal) ? "DataConnections" + property[4..] : property);
        return options;
    }

    private static IReadOnlyList<FtpEndPoint> BindEndPoints(ConfigurationReader reader)
    {
        IReadOnlyList<IPEndPoint> plain = reader.EndPointList("listen", [new IPEndPoint(IPAddress.Loopback, 2121)],
            "Where FTP and explicit TLS are served; port 0: any free one.");
        IReadOnlyList<IPEndPoint> secure = reader.EndPointList("listenImplicit", [], "Where TLS begins at once, usually port 990.");
        if (plain.Count + secure.Count == 0)
            reader.Fault("listen", "expected at least one address in listen or listenImplicit");
        IEnumerable<IPEndPoint> twice = plain.Concat(secure).Where(endPoint => endPoint.Port != 0).GroupBy(endPoint => endPoint).Where(group => group.Count() > 1).Select(group => group.Key);
        foreach (IPEndPoint endPoint in twice)
            reader.Fault("listen", $"{EndPoints.Format(endPoint)} is given twice");
        return [.. plain.Select(endPoint => new FtpEndPoint(endPoint)), .. secure.Select(endPoint => new FtpEndPoint(endPoint, ImplicitTls: true))];
    }

    private static FtpTlsOptions BindTls(ConfigurationReader reader, FtpTlsOptions defaults) => new()
    {
        Policy = reader.Choice("tls:policy", defaults.Policy, "Whether there is TLS: off, optional, or required for a login."),
        RequireOnData = reader.Flag("tls:requireOnData", defaults.RequireOnData, "Whether clear data connections are refused."),
        RequireDataResumption = reader.Flag("tls:requireDataResumption", defaults.RequireDataResumption,
            "Whether a data connection must resume a TLS session; some clients cannot."),
        RequireCloseNotify = reader.Flag("tls:requireCloseNotify", defaults.RequireCloseNotify,
            "Whether an upload cut off without TLS's own end is refused; some clients never send it."),
        RequireSameClientCertificate = reader.Flag("tls:requireSameClientCertificate", defaults.RequireSameClientCertificate,
            "Whether data connections must show the control connection's client certificate."),
        AllowCcc = reader.Flag("tls:allowCcc", defaults.AllowCcc, "Whether CCC may end TLS on the control connection."),
        AllowProtWithoutPbsz = reader.Flag("tls:allowProtWithoutPbsz", defaults.AllowProtWithoutPbsz, "Whether PROT is taken without PBSZ."),
        RefuseProtClear = reader.Flag("tls:refuseProtClear", defaults.RefuseProtClear, "Whether PROT C is refused."),
        HandshakeTimeout = reader.Time("tls:handshakeTimeout", defaults.HandshakeTimeout, "How long a TLS handshake may take."),
        CloseTimeout = reader.Time("tls:closeTimeout", defaults.CloseTimeout, "How long the client's end of TLS is waited for."),
    };

    private static FtpProxyOptions BindProxy(ConfigurationReader reader, FtpProxyOptions defaults) => new()
    {
        TrustedNetworks = reader.Networks("proxy:trustedNetworks", defaults.TrustedNetworks, "Networks whose connections begin with a PROXY header."),
        OnDataConnections = reader.Flag("proxy:onDataConnections", defaults.OnDataConnections,
            "Whether data connections from trusted networks begin with a PROXY header too."),
        HeaderTimeout = reader.Time("proxy:headerTimeout", defaults.HeaderTimeout, "How long a PROXY header may take to arrive."),
    };
}
