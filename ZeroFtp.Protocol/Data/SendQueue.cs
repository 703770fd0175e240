using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace ZeroFtp.Protocol.Data;

/// <summary>What the kernel still holds of the bytes written to a TCP socket: those that the peer has not acknowledged. Linux only; elsewhere nothing is known.</summary>
/// <remarks>
/// A write returns when the kernel has taken the bytes, and its buffers hold up to megabytes that the peer may never get. Progress, and the end of a download, are therefore measured by what the peer has acknowledged.
/// </remarks>
internal static partial class SendQueue
{
    private const nuint OutQueue = 0x5411;
    private const nuint OutQueueNotSent = 0x894B;
    private const int TcpLevel = 6;
    private const int TcpInfo = 11;
    private const int BytesAcknowledged = 120;

    /// <summary>Whether this system tells.</summary>
    public static bool IsKnown { get; } = OperatingSystem.IsLinux();

    /// <summary>Bytes that the peer has not acknowledged; a FIN counts as one. A reset does not change it. Null if it cannot be told.</summary>
    public static int? Unacknowledged(Socket socket) => Ask(socket, OutQueue);

    /// <summary>Bytes that have not been sent yet, since the peer's window or the network does not take them. Null if it cannot be told.</summary>
    public static int? Unsent(Socket socket) => Ask(socket, OutQueueNotSent);

    /// <summary>How many bytes the peer has acknowledged since the connection was made. Null if it cannot be told.</summary>
    public static ulong? Acknowledged(Socket socket)
    {
        if (!IsKnown)
            return null;
        Span<byte> info = stackalloc byte[BytesAcknowledged + sizeof(ulong)];
        try
        {
            if (socket.GetRawSocketOption(TcpLevel, TcpInfo, info) < info.Length)
                return null;
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            return null;
        }
        ReadOnlySpan<byte> field = info[BytesAcknowledged..];
        return BitConverter.IsLittleEndian ? BinaryPrimitives.ReadUInt64LittleEndian(field) : BinaryPrimitives.ReadUInt64BigEndian(field);
    }

    private static int? Ask(Socket socket, nuint request)
    {
        if (!IsKnown)
            return null;
        try
        {
            return Control(socket.SafeHandle, request, out int bytes) == 0 ? bytes : null;
        }
        catch (ObjectDisposedException)
        {
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(SafeHandle socket, nuint request, out int value);
}
