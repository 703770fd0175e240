using System.Buffers.Binary;
using System.Net.Sockets;

namespace ZeroFtp.Protocol.Data;

/// <summary>Whether a peer was silent before it ended its connection: whether the end came well after the last byte. Linux only.</summary>
/// <remarks>
/// TCP_INFO has when the last data and the last acknowledgement arrived; the FIN, which carries one, is the last thing to arrive. Both are the kernel's times, so that it does not matter when the server reads. They go by its
/// tick (1 to 10 ms): what a client sends and closes at once is 0 or one tick apart.
/// </remarks>
internal static class SilenceBeforeEnd
{
    /// <summary>Above two ticks of any kernel, and below any pause that a person or a script makes.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(20);

    private const int TcpLevel = 6;
    private const int TcpInfo = 11;
    private const int LastDataReceived = 52;
    private const int LastAckReceived = 56;

    /// <summary>Whether the peer, which has ended the connection, was silent before. False where the system does not tell.</summary>
    public static bool WasSeen(Socket socket)
    {
        if (!OperatingSystem.IsLinux())
            return false;
        Span<byte> info = stackalloc byte[LastAckReceived + 4];
        try
        {
            return socket.GetRawSocketOption(TcpLevel, TcpInfo, info) == info.Length && Read(info, LastDataReceived) - (long)Read(info, LastAckReceived) >= Shortest.TotalMilliseconds;
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    private static uint Read(ReadOnlySpan<byte> info, int offset) => BitConverter.IsLittleEndian
        ? BinaryPrimitives.ReadUInt32LittleEndian(info[offset..])
        : BinaryPrimitives.ReadUInt32BigEndian(info[offset..]);
}
