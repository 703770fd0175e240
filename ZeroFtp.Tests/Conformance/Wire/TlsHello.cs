using System.Buffers.Binary;

namespace ZeroFtp.Conformance.Wire;

/// <summary>Reads what ServerHello says in clear.</summary>
internal static class TlsHello
{
    private const int PreSharedKey = 41;
    private const int SupportedVersions = 43;

    /// <summary>TLS 1.3: ServerHello carries pre_shared_key. TLS 1.2: no Certificate message followed ServerHello in clear.</summary>
    public static bool Resumed(IReadOnlyList<byte[]> handshakeRecords)
    {
        byte[] all = [.. handshakeRecords.SelectMany(record => record)];
        List<(int Type, byte[] Body)> messages = Messages(all);
        foreach ((int type, byte[] body) in messages)
        {
            if (type != 2 || IsRetryRequest(body))
                continue;
            HashSet<int> extensions = Extensions(body);
            return extensions.Contains(SupportedVersions)
                ? extensions.Contains(PreSharedKey)
                : !messages.Any(message => message.Type == 11);
        }

        return false;
    }

    private static List<(int Type, byte[] Body)> Messages(byte[] octets)
    {
        List<(int, byte[])> messages = [];
        int at = 0;
        while (at + 4 <= octets.Length)
        {
            int length = (octets[at + 1] << 16) | (octets[at + 2] << 8) | octets[at + 3];
            if (at + 4 + length > octets.Length)
                break;
            messages.Add((octets[at], octets[(at + 4)..(at + 4 + length)]));
            at += 4 + length;
        }

        return messages;
    }

    private static HashSet<int> Extensions(byte[] hello)
    {
        HashSet<int> found = [];
        int at = 35 + hello[34] + 3;
        if (at + 2 > hello.Length)
            return found;
        for (at += 2; at + 4 <= hello.Length;)
        {
            found.Add(BinaryPrimitives.ReadUInt16BigEndian(hello.AsSpan(at)));
            at += 4 + BinaryPrimitives.ReadUInt16BigEndian(hello.AsSpan(at + 2));
        }

        return found;
    }

    /// <summary>HelloRetryRequest is a ServerHello with a fixed random value.</summary>
    private static bool IsRetryRequest(byte[] hello) => hello.AsSpan(2, 4).SequenceEqual((ReadOnlySpan<byte>)[0xcf, 0x21, 0xad, 0x74]);
}
