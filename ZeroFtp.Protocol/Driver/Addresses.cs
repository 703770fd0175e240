using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace ZeroFtp.Protocol.Driver;

/// <summary>Addresses seen through IPv4-mapped IPv6 (RFC 4291 section 2.5.5.2).</summary>
internal static class Addresses
{
    public static IPAddress? Of(EndPoint? endPoint) => endPoint is IPEndPoint ip ? Plain(ip.Address) : null;

    public static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    /// <summary>Reads an address of one family; see <see cref="AddressText"/>.</summary>
    public static bool TryParse(string text, AddressFamily family, [NotNullWhen(true)] out IPAddress? address) =>
        AddressText.TryParse(text, out address) && address.AddressFamily == family;

    public static int BitsOf(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;

    /// <summary>The network of a prefix length that holds the address.</summary>
    public static IPNetwork NetworkOf(IPAddress address, int prefixLength)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out int count);
        for (int i = 0; i < count; i++)
            bytes[i] &= (byte)(0xFF00 >> Math.Clamp(prefixLength - (i * 8), 0, 8));
        return new IPNetwork(new IPAddress(bytes[..count]), prefixLength);
    }

    /// <summary>
    /// The network that limits count as one client: an IPv4 address alone, and the prefix of an IPv6 address, since a single customer is given a whole prefix to choose addresses from (RFC 6177). Null if there is no address (in memory).
    /// </summary>
    public static IPNetwork? ClientOf(IPAddress? address, int ipv6PrefixLength)
    {
        if (address is null)
            return null;
        address = Plain(address);
        return NetworkOf(address, address.AddressFamily == AddressFamily.InterNetworkV6 ? ipv6PrefixLength : 32);
    }

    /// <summary>An end point for people.</summary>
    public static string Show(EndPoint? endPoint) => endPoint is IPEndPoint ip ? new IPEndPoint(Plain(ip.Address), ip.Port).ToString() : endPoint?.ToString() ?? "memory";

    public static bool AreSame(IPAddress? left, IPAddress? right)
    {
        if (left is null || right is null)
            return left is null && right is null;
        left = Plain(left);
        right = Plain(right);
        return left.AddressFamily == right.AddressFamily && left.GetAddressBytes().AsSpan().SequenceEqual(right.GetAddressBytes());
    }

    public static bool IsLoopback(IPAddress? address) => address is not null && IPAddress.IsLoopback(Plain(address));

    /// <summary>Whether an address stands for this host, for several, or for none: nothing that another server could have.</summary>
    public static bool IsNoHost(IPAddress address)
    {
        address = Plain(address);
        if (IPAddress.IsLoopback(address) || address.Equals(IPAddress.IPv6Any) || address.IsIPv6Multicast)
            return true;
        return address.AddressFamily == AddressFamily.InterNetwork && address.GetAddressBytes()[0] is 0 or 127 or >= 224;
    }

    /// <summary>Loopback, RFC 1918, RFC 6598, link-local and unique local addresses.</summary>
    public static bool IsPrivate(IPAddress address)
    {
        address = Plain(address);
        if (IPAddress.IsLoopback(address))
            return true;
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
            return address.IsIPv6LinkLocal || address.IsIPv6UniqueLocal;
        byte[] octets = address.GetAddressBytes();
        return octets[0] == 10 || (octets[0] == 172 && (octets[1] & 0xF0) == 16) || (octets[0] == 192 && octets[1] == 168)
            || (octets[0] == 169 && octets[1] == 254) || (octets[0] == 100 && (octets[1] & 0xC0) == 64);
    }
}
