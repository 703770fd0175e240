using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace ZeroFtp.Protocol.Data;

/// <summary>poll(2) of Linux, which tells the end of a connection also while bytes before it are unread; <see cref="Socket.Poll(int, SelectMode)"/> does not.</summary>
internal static partial class NativePoll
{
    private const short PeerEnded = 0x2000;
    private const short Error = 0x8;
    private const short HungUp = 0x10;

    /// <summary>Whether the peer has ended or reset the connection. It does not wait. False where the system has no such call.</summary>
    public static bool HasEnded(Socket socket) => Has(socket, PeerEnded | Error | HungUp);

    /// <summary>Whether the connection was reset or has failed. It does not wait. False where the system has no such call.</summary>
    public static bool IsBroken(Socket socket) => Has(socket, Error);

    private static bool Has(Socket socket, short events)
    {
        if (!OperatingSystem.IsLinux())
            return false;
        SafeHandle handle = socket.SafeHandle;
        bool isHeld = false;
        try
        {
            handle.DangerousAddRef(ref isHeld);
            Entry entry = new() { Descriptor = (int)handle.DangerousGetHandle(), Asked = PeerEnded };
            return Poll(ref entry, 1, 0) > 0 && (entry.Happened & events) != 0;
        }
        catch (ObjectDisposedException)
        {
            return true;
        }
        finally
        {
            if (isHeld)
                handle.DangerousRelease();
        }
    }

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Poll(ref Entry entries, nuint count, int milliseconds);

    [StructLayout(LayoutKind.Sequential)]
    private struct Entry
    {
        public int Descriptor;
        public short Asked;
        public short Happened;
    }
}
