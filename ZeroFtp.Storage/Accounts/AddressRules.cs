using System.Net;
using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Storage.Accounts;

/// <summary>The networks from which logins are allowed.</summary>
internal static class AddressRules
{
    /// <summary>
    /// True if one of the networks contains the address. An empty list allows every address; no network contains a client without an IP address.
    /// </summary>
    public static bool Allows(IReadOnlyList<string> networks, EndPoint? remote)
    {
        if (networks.Count == 0)
            return true;
        if (remote is not IPEndPoint { Address: IPAddress address })
            return false;
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        foreach (string text in networks)
        {
            if (AddressText.TryParseNetwork(text, out IPNetwork network) && network.Contains(address))
                return true;
        }
        return false;
    }
}
