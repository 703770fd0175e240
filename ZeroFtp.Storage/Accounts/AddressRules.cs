using System.Net;
using System.Net.Sockets;

namespace ZeroFtp.Storage.Accounts;

/// <summary>Networks that logins may come from.</summary>
internal static class AddressRules
{
    /// <summary>Reads an address or a CIDR prefix; a prefix with bits set beyond its length is taken for what it means.</summary>
    public static bool TryParse(string text, out IPNetwork network)
    {
        network = default;
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!IPAddress.TryParse(slash < 0 ? text : text.AsSpan(0, slash), out IPAddress? address) || address.ScopeId(out _))
            return false;
        int bits = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        int length = bits;
        if (slash >= 0 && (!int.TryParse(text.AsSpan(slash + 1), System.Globalization.NumberStyles.None, null, out length) || length > bits))
            return false;
        network = new IPNetwork(Mask(address, length), length);
        return true;
    }

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
            if (TryParse(text, out IPNetwork network) && network.Contains(address))
                return true;
        }
        return false;
    }

    private static IPAddress Mask(IPAddress address, int length)
    {
        byte[] octets = address.GetAddressBytes();
        for (int i = 0; i < octets.Length; i++)
            octets[i] &= (byte)(0xFF00 >> Math.Clamp(length - (i * 8), 0, 8));
        return new IPAddress(octets);
    }

    private static bool ScopeId(this IPAddress address, out long scope)
    {
        scope = address.AddressFamily == AddressFamily.InterNetworkV6 ? address.ScopeId : 0;
        return scope != 0;
    }
}
