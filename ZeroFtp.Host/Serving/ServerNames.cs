using System.Net;
using ZeroFtp.Host.Configuration;

namespace ZeroFtp.Host.Serving;

/// <summary>The names and addresses by which clients may know the server, as far as the configuration and the machine tell.</summary>
internal static class ServerNames
{
    public static IReadOnlyList<string> Of(HostConfiguration configuration)
    {
        IEnumerable<IPAddress> bound = configuration.Server.EndPoints.Select(endPoint => endPoint.Address.Address);
        IEnumerable<string> names =
        [
            "localhost", "127.0.0.1", "::1", Environment.MachineName, configuration.PublicHost ?? "", .. configuration.Server.HostNames,
            .. bound.Where(address => !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any)).Select(address => address.ToString()),
        ];
        return [.. names.Where(name => Uri.CheckHostName(name) is UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6).Distinct(StringComparer.OrdinalIgnoreCase)];
    }
}
