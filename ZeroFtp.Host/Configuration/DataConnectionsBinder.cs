using ZeroFtp.Protocol.Options;

namespace ZeroFtp.Host.Configuration;

/// <summary>The keys of data connections.</summary>
internal static class DataConnectionsBinder
{
    public static FtpDataOptions Bind(ConfigurationReader reader, FtpDataOptions defaults)
    {
        PortRange ports = reader.Value<PortRange>("passivePorts", default, PortRange.TryParse, range => range.ToString(),
            "The ports of passive mode, A-B; 0-0: any free one.");
        return new FtpDataOptions
        {
            PassivePorts = ports.First == 0 ? null : new FtpPortRange(ports.First, ports.Last),
            AllowPassive = reader.Flag("dataConnections:allowPassive", defaults.AllowPassive, "Whether PASV and EPSV are allowed."),
            AllowActive = reader.Flag("dataConnections:allowActive", defaults.AllowActive, "Whether PORT and EPRT are allowed."),
            AllowFxp = reader.Flag("dataConnections:allowFxp", defaults.AllowFxp, "Whether transfers between two servers are allowed."),
            ExternalAddressForPrivatePeers = reader.Flag("dataConnections:externalAddressForPrivatePeers", defaults.ExternalAddressForPrivatePeers,
                "Whether private and loopback clients too are told publicHost."),
            UseDefaultDataPort = reader.Flag("dataConnections:useDefaultDataPort", defaults.UseDefaultDataPort,
                "Whether a transfer without PASV or PORT connects to the client's control port."),
            ActiveSourcePort = reader.Number("dataConnections:activeSourcePort", defaults.ActiveSourcePort, 0, 65535,
                "The source port of active connections; 0: any."),
            AcceptTimeout = reader.Time("dataConnections:acceptTimeout", defaults.AcceptTimeout, "How long a passive port waits for its client."),
            ConnectTimeout = reader.Time("dataConnections:connectTimeout", defaults.ConnectTimeout, "How long an active connection may take."),
            StallTimeout = reader.Time("dataConnections:stallTimeout", defaults.StallTimeout, "How long a transfer may make no progress."),
            TrustEndOfData = reader.Flag("dataConnections:trustEndOfData", defaults.TrustEndOfData,
                "Whether the end of the data is always the end of an upload, also if the control connection ended before without QUIT; false keeps the old file then."),
            BufferSize = (int)Math.Min(int.MaxValue, reader.Size("dataConnections:bufferSize", defaults.BufferSize, "The size of one buffer of a transfer.")),
        };
    }
}
