using System.Net;
using ZeroFtp.Fuzz.Targets;

namespace ZeroFtp.Fuzz.Planted;

/// <summary>A parser of PROXY headers that believes the length in a binary header: it reads the ports of an IPv6 header wherever they should be.</summary>
internal static class TrustingProxyParser
{
    public static (int Used, IPEndPoint? Source) Parse(byte[] octets)
    {
        if (octets.Length < 16 || !octets.AsSpan().StartsWith("\r\n\r\n\0\r\nQUIT\n"u8) || octets[12] >> 4 != 2)
            return EngineCode.ParseProxy(octets);
        int length = (octets[14] << 8) | octets[15];
        if (length > 2048 || octets.Length < 16 + length || (octets[12] & 15) != 1 || octets[13] != 0x21)
            return EngineCode.ParseProxy(octets);
        return (16 + length, new IPEndPoint(new IPAddress(octets.AsSpan(16, 16)), (octets[48] << 8) | octets[49]));
    }
}
