using System.Net;
using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Storage.Accounts;

/// <summary>Networks that logins may come from.</summary>
internal static class AddressRules
{
    /// <summary>Whether one of the networks holds the address. An empty list holds every address; a client without an IP address is in none.</summary>
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
