using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace ZeroFtp.Host.Configuration;

/// <summary>Addresses to listen on: <c>127.0.0.1:2121</c>, <c>[::1]:2121</c>, <c>localhost:2121</c>, and <c>*:21</c> for every address of both families.</summary>
internal static class EndPoints
{
    public static bool TryParse(string text, [MaybeNullWhen(false)] out IPEndPoint value, [NotNullWhen(false)] out string? expected)
    {
        value = null;
        expected = null;
        int cut = text.LastIndexOf(':');
        if (cut >= 0 && ushort.TryParse(text.AsSpan(cut + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) && AddressOf(text[..cut]) is { } address)
            value = new IPEndPoint(address, port);
        else
            expected = "ADDRESS:PORT, such as 127.0.0.1:2121, [::1]:2121 or *:21";
        return value is not null;
    }

    public static string Format(IPEndPoint value) => value.Address.Equals(IPAddress.IPv6Any) ? $"*:{value.Port}" : value.ToString();

    private static IPAddress? AddressOf(string host) => host switch
    {
        "" or "*" => IPAddress.IPv6Any,
        "localhost" => IPAddress.Loopback,
        ['[', .. string inner, ']'] => IPAddress.TryParse(inner, out IPAddress? v6) && inner.Contains(':', StringComparison.Ordinal) ? v6 : null,
        // IPAddress takes "1" and "0x7f.1" for addresses; only the dotted form of four parts is meant here
        _ => host.Count(c => c == '.') == 3 && IPAddress.TryParse(host, out IPAddress? v4) ? v4 : null,
    };
}
