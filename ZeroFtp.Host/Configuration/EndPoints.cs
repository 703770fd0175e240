using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ZeroFtp.Protocol.Driver;

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
        ['[', .. string inner, ']'] => AddressText.TryParse(inner.Split('%')[0], out IPAddress? plain) && plain.AddressFamily == AddressFamily.InterNetworkV6 && IPAddress.TryParse(inner, out IPAddress? v6) ? v6 : null,
        _ => AddressText.TryParse(host, out IPAddress? v4) && v4.AddressFamily == AddressFamily.InterNetwork ? v4 : null,
    };
}
