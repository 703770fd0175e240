using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ZeroFtp.Protocol.Driver;

/// <summary>
/// Reads addresses and networks in the one form that people and protocols write: four decimal numbers, or hexadecimal groups (RFC 4291 section 2.2). <see cref="IPAddress.TryParse(string, out IPAddress)"/>
/// also takes <c>10.0.0</c>, <c>0x7f.1</c>, <c>1</c>, octal numbers, scopes and brackets, each for another address than the one that was meant.
/// </summary>
public static class AddressText
{
    private static readonly SearchValues<char> HexadecimalGroups = SearchValues.Create("0123456789abcdefABCDEF:");

    /// <summary>Reads an address of either family, without a scope.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out IPAddress? address)
    {
        address = null;
        if (text is null || text.Length > 45)
            return false;
        int colon = text.LastIndexOf(':');
        if (colon < 0)
            return IsFourNumbers(text) && IPAddress.TryParse(text, out address);
        string tail = text[(colon + 1)..];
        bool endsInIPv4 = tail.Contains('.', StringComparison.Ordinal);
        return (!endsInIPv4 || IsFourNumbers(tail))
            && text.AsSpan(0, endsInIPv4 ? colon : text.Length).IndexOfAnyExcept(HexadecimalGroups) < 0
            && IPAddress.TryParse(text, out address) && address.AddressFamily == AddressFamily.InterNetworkV6;
    }

    /// <summary>Reads an address, which is a network of one, or an address with a prefix length (RFC 4632 section 3.1). Bits beyond the prefix are ignored; a network of IPv4-mapped addresses is the IPv4 network.</summary>
    public static bool TryParseNetwork([NotNullWhen(true)] string? text, out IPNetwork network)
    {
        network = default;
        int slash = text?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        if (!TryParse(slash < 0 ? text : text![..slash], out IPAddress? address))
            return false;
        int bits = Addresses.BitsOf(address);
        int length = bits;
        if (slash >= 0 && (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out length) || length > bits))
            return false;
        if (address.IsIPv4MappedToIPv6 && length >= 96)
            (address, length) = (address.MapToIPv4(), length - 96);
        network = Addresses.NetworkOf(address, length);
        return true;
    }

    private static bool IsFourNumbers(string text) =>
        text.Split('.') is { Length: 4 } parts
        && parts.All(static part => part.Length is 1 or 2 or 3 && (part.Length == 1 || part[0] != '0') && byte.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out _));
}
