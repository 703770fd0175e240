using System.Net.Sockets;

namespace ZeroFtp.Protocol.Data;

/// <summary>TCP keep-alive (RFC 9293 section 3.8.4).</summary>
internal static class KeepAlive
{
    private const int SecondsBetweenProbes = 15;

    /// <summary>Switches keep-alive on. The first probe goes after <paramref name="silence"/>; 0 leaves all times to the system.</summary>
    public static void Start(Socket socket, TimeSpan silence)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        if (silence == TimeSpan.Zero)
            return;
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, Math.Max(1, (int)silence.TotalSeconds));
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, SecondsBetweenProbes);
    }
}
