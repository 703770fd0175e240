using System.Buffers.Binary;
using System.Net.Sockets;
using ZeroFtp.Conformance.Checks;

namespace ZeroFtp.Conformance.Wire;

/// <summary>TLS by hand, for what a library does not do: old versions, first records of the peer, what follows TLS in clear.</summary>
internal static class TlsRaw
{
    public const int Alert = 21;
    public const int Handshake = 22;

    /// <summary>A ClientHello that offers nothing newer than the version given (0x0300 is SSL 3, 0x0302 is TLS 1.1), without extensions but server name and curves.</summary>
    public static byte[] ClientHello(ushort version)
    {
        byte[] ciphers = [0xc0, 0x13, 0xc0, 0x14, 0xc0, 0x09, 0xc0, 0x0a, 0x00, 0x2f, 0x00, 0x35, 0x00, 0x0a];
        byte[] extensions = [0x00, 0x0a, 0x00, 0x06, 0x00, 0x04, 0x00, 0x17, 0x00, 0x18, 0x00, 0x0b, 0x00, 0x02, 0x01, 0x00];
        byte[] random = new byte[32];
        Random.Shared.NextBytes(random);
        byte[] body = [.. Two(version), .. random, 0, .. Two(ciphers.Length), .. ciphers, 1, 0, .. Two(extensions.Length), .. extensions];
        byte[] message = [1, 0, .. Two(body.Length), .. body];
        return [Handshake, 3, (byte)(version == 0x0300 ? 0 : 1), .. Two(message.Length), .. message];
    }

    /// <summary>Reads one record from the socket: its content type and body; type -1 at the end of the connection.</summary>
    public static async Task<(int Type, byte[] Body)> ReadRecordAsync(Socket socket, TimeSpan deadline)
    {
        byte[] header = await ReadAsync(socket, 5, deadline);
        if (header.Length < 5)
            return (-1, header);
        byte[] body = await ReadAsync(socket, BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(3)), deadline);
        return (header[0], body);
    }

    /// <summary>Reads from the socket to its end or reset.</summary>
    public static Task<byte[]> DrainAsync(Socket socket, TimeSpan deadline) => ReadAsync(socket, int.MaxValue, deadline);

    /// <summary>Reads from the socket, passing over TLS records, until text in clear begins; gives the first line of it.</summary>
    public static async Task<string> ReadClearLineAsync(Socket socket, TimeSpan deadline)
    {
        while (true)
        {
            byte[] start = await ReadAsync(socket, 5, deadline);
            Verify.That(start.Length == 5, "the connection ended before a line in clear came");
            if (start[0] is < 20 or > 24)
            {
                List<byte> line = [.. start];
                while (line[^1] != '\n')
                {
                    byte[] next = await ReadAsync(socket, 1, deadline);
                    Verify.That(next.Length == 1, "the connection ended inside a line");
                    line.Add(next[0]);
                }

                return Octets.Text([.. line]);
            }

            await ReadAsync(socket, BinaryPrimitives.ReadUInt16BigEndian(start.AsSpan(3)), deadline);
        }
    }

    private static async Task<byte[]> ReadAsync(Socket socket, int count, TimeSpan deadline)
    {
        using CancellationTokenSource timeout = new(deadline);
        List<byte> all = [];
        byte[] buffer = new byte[16 * 1024];
        try
        {
            while (all.Count < count)
            {
                int got = await socket.ReceiveAsync(buffer.AsMemory(0, Math.Min(buffer.Length, count - all.Count)), timeout.Token);
                if (got == 0)
                    break;
                all.AddRange(buffer.AsSpan(0, got));
            }
        }
        catch (SocketException)
        {
            return [.. all];
        }
        catch (OperationCanceledException)
        {
            throw new CheckFailedException($"nothing within {deadline.TotalSeconds} s on a connection read record by record (after {Octets.Show([.. all])})");
        }

        return [.. all];
    }

    private static byte[] Two(int value) => [(byte)(value >> 8), (byte)value];
}
