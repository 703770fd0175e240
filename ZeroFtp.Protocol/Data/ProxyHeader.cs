using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Options;

namespace ZeroFtp.Protocol.Data;

/// <summary>The header of the PROXY protocol, version 1 (text) or 2 (binary), that a load balancer puts before a connection.</summary>
/// <param name="Source">The client's address, or null if the proxy speaks for itself (UNKNOWN, LOCAL).</param>
internal sealed record ProxyHeader(IPEndPoint? Source)
{
    private const int MaxTextLength = 107;
    private const int MaxBinaryLength = 16 + 2048;

    private static ReadOnlySpan<byte> BinarySignature => "\r\n\r\n\0\r\nQUIT\n"u8;

    public static bool IsExpectedFrom(IPAddress peer, FtpProxyOptions options)
    {
        if (options.TrustedNetworks.Count == 0)
            return false;
        IPAddress plain = Addresses.Plain(peer);
        foreach (IPNetwork network in options.TrustedNetworks)
        {
            if (network.BaseAddress.AddressFamily == plain.AddressFamily && network.Contains(plain))
                return true;
        }
        return false;
    }

    /// <summary>Reads the header and leaves what follows it in the reader.</summary>
    /// <returns>Null if no valid header arrives in time.</returns>
    public static async ValueTask<ProxyHeader?> ReadAsync(PipeReader input, TimeSpan limit, TimeProvider clock)
    {
        using CancellationTokenSource end = new(limit, clock);
        try
        {
            while (true)
            {
                ReadResult result = await input.ReadAsync(end.Token).ConfigureAwait(false);
                ReadOnlySequence<byte> buffer = result.Buffer;
                int used = Parse(buffer.Slice(0, Math.Min(buffer.Length, MaxBinaryLength)).ToArray(), out ProxyHeader? header);
                if (used != 0)
                {
                    input.AdvanceTo(used > 0 ? buffer.GetPosition(used) : buffer.Start);
                    return header;
                }
                input.AdvanceTo(buffer.Start, buffer.End);
                if (result.IsCompleted)
                    return null;
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            return null;
        }
    }

    /// <summary>Parses the beginning of a connection.</summary>
    /// <returns>The header's length in bytes; 0 if more are needed; -1 if it is malformed.</returns>
    internal static int Parse(ReadOnlySpan<byte> octets, out ProxyHeader? header)
    {
        header = null;
        if (octets.IsEmpty)
            return 0;
        int known = Math.Min(octets.Length, BinarySignature.Length);
        if (octets[..known].SequenceEqual(BinarySignature[..known]))
            return known < BinarySignature.Length ? 0 : ParseBinary(octets, out header);
        ReadOnlySpan<byte> text = "PROXY "u8;
        known = Math.Min(octets.Length, text.Length);
        if (!octets[..known].SequenceEqual(text[..known]))
            return -1;
        return known < text.Length ? 0 : ParseText(octets, out header);
    }

    private static int ParseText(ReadOnlySpan<byte> octets, out ProxyHeader? header)
    {
        header = null;
        int end = octets.IndexOf("\r\n"u8);
        if (end < 0)
            return octets.Length > MaxTextLength ? -1 : 0;
        if (end + 2 > MaxTextLength)
            return -1;
        string[] parts = Encoding.ASCII.GetString(octets[..end]).Split(' ');
        if (parts.Length >= 2 && parts[1] == "UNKNOWN")
        {
            header = new ProxyHeader((IPEndPoint?)null);
            return end + 2;
        }
        if (parts.Length != 6 || parts[1] is not ("TCP4" or "TCP6"))
            return -1;
        AddressFamily family = parts[1] == "TCP4" ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;
        if (!Addresses.TryParse(parts[2], family, out IPAddress? source) || !Addresses.TryParse(parts[3], family, out _)
            || !TryPort(parts[4], out ushort port) || !TryPort(parts[5], out _))
            return -1;
        header = new ProxyHeader(new IPEndPoint(source, port));
        return end + 2;
    }

    /// <summary>Parses digits only; the library would accept trailing NULs.</summary>
    private static bool TryPort(string text, out ushort port)
    {
        port = 0;
        return text.All(char.IsAsciiDigit) && ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port);
    }

    private static int ParseBinary(ReadOnlySpan<byte> octets, out ProxyHeader? header)
    {
        header = null;
        if (octets.Length < 16)
            return 0;
        int length = BinaryPrimitives.ReadUInt16BigEndian(octets[14..]);
        if (octets[12] >> 4 != 2 || 16 + length > MaxBinaryLength)
            return -1;
        if (octets.Length < 16 + length)
            return 0;
        ReadOnlySpan<byte> body = octets.Slice(16, length);
        switch (octets[12] & 0x0F, octets[13])
        {
            case (0, _):
                header = new ProxyHeader((IPEndPoint?)null);
                break;
            case (1, 0x11) when length >= 12:
                header = new ProxyHeader(new IPEndPoint(new IPAddress(body[..4]), BinaryPrimitives.ReadUInt16BigEndian(body[8..])));
                break;
            case (1, 0x21) when length >= 36:
                header = new ProxyHeader(new IPEndPoint(new IPAddress(body[..16]), BinaryPrimitives.ReadUInt16BigEndian(body[32..])));
                break;
            case (1, 0x00):
                header = new ProxyHeader((IPEndPoint?)null);
                break;
            default:
                return -1;
        }
        return 16 + length;
    }
}
