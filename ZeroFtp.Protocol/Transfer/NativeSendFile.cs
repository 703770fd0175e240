using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ZeroFtp.Protocol.Transfer;

/// <summary>
/// sendfile(2) of Linux, which takes an offset and a count where <see cref="Socket"/>'s own method takes neither. It moves what the socket has room for and never waits for the peer.
/// </summary>
internal static partial class NativeSendFile
{
    /// <summary>What <see cref="Send"/> returns when the socket has no room, or when the file cannot be sent that way: <see cref="Socket"/> has to wait, or to copy.</summary>
    public const int Refused = -1;

    private const int Interrupted = 4;
    private const int BrokenPipe = 32;
    private const int ConnectionReset = 104;

    /// <summary>Whether this system has it; off_t has to be as wide as long.</summary>
    public static bool IsSupported { get; } = OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    /// <summary>Sends at most <paramref name="count"/> octets of the file. The socket must not be blocking.</summary>
    /// <returns>How many octets went out; 0 at the end of the file; <see cref="Refused"/>.</returns>
    /// <exception cref="SocketException">The connection is broken.</exception>
    public static int Send(Socket socket, SafeFileHandle file, long offset, int count)
    {
        while (true)
        {
            nint sent = SendFile(socket.SafeHandle, file, ref offset, count);
            if (sent >= 0)
                return (int)sent;
            switch (Marshal.GetLastPInvokeError())
            {
                case Interrupted:
                    continue;
                case BrokenPipe:
                case ConnectionReset:
                    throw new SocketException((int)SocketError.ConnectionReset);
                default:
                    return Refused;
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "sendfile", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint SendFile(SafeHandle socket, SafeHandle file, ref long offset, nint count);
}
