using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ZeroFtp.Protocol.Data;

/// <summary>Addresses seen through IPv4-mapped IPv6 (RFC 4291 section 2.5.5.2).</summary>
internal static class Addresses
{
    public static IPAddress? Of(EndPoint? endPoint) => endPoint is IPEndPoint ip ? Plain(ip.Address) : null;

    public static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    /// <summary>Reads an address in the one form that protocols write: four decimal octets, or hexadecimal groups. The library takes short, octal and hexadecimal forms, scopes and brackets too.</summary>
    public static bool TryParse(string text, AddressFamily family, [NotNullWhen(true)] out IPAddress? address)
    {
        address = null;
        bool isPlain = family == AddressFamily.InterNetwork
            ? text.Split('.') is { Length: 4 } parts && parts.All(static part => part.Length is 1 or 2 or 3 && (part.Length == 1 || part[0] != '0') && byte.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            : text.All(static c => char.IsAsciiHexDigit(c) || c is ':' or '.');
        return isPlain && IPAddress.TryParse(text, out address) && address.AddressFamily == family;
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
