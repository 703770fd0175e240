using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ZeroFtp.Protocol.Data;

/// <summary>Tells which of two TCP connections its peer ended first, a data connection or its control connection, at any time after both have ended. Linux only.</summary>
/// <remarks>
/// When the server gets to read the end of the data, both connections may have ended long ago: what was received before them was still to be read. The order then decides whether an upload is whole.
/// epoll keeps it: the kernel appends a socket to the list of the ready ones at the moment that its FIN or reset arrives, and <c>epoll_wait</c> returns that list from its front. Bytes do not put a socket
/// there, since only the end is asked for. So a client that closes data and then control is seen as (data, control), one that closes control and then data as (control, data), however late the
/// server looks.
/// </remarks>
internal sealed partial class EndWatch : IDisposable
{
    private const int Add = 1;
    private const int CloseOnExec = 0x80000;
    private const uint PeerEnded = 0x2000;
    private const uint EdgeTriggered = 1u << 31;
    private const int Watched = 2;
    private const byte Data = 0;
    private const byte Control = 1;

    /// <summary>struct epoll_event is packed on x86-64 only.</summary>
    private static readonly int KeyOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;

    private readonly SafeFileHandle _epoll;
    private byte? _first;
    private bool _dataEnded;
    private bool _controlEnded;

    private EndWatch(SafeFileHandle epoll) => _epoll = epoll;

    /// <summary>Whether the data connection ended, and no later than the control connection.</summary>
    public bool DataEndedFirst
    {
        get
        {
            Look();
            return _first == Data;
        }
    }

    /// <summary>Whether the control connection ended, and before the data connection.</summary>
    public bool ControlEndedFirst
    {
        get
        {
            Look();
            return _first == Control;
        }
    }

    /// <summary>Whether the data connection has ended, though perhaps not all of it was read.</summary>
    public bool DataEnded
    {
        get
        {
            Look();
            return _dataEnded;
        }
    }

    /// <summary>Whether the control connection has ended.</summary>
    public bool ControlEnded
    {
        get
        {
            Look();
            return _controlEnded;
        }
    }

    /// <summary>Begins to watch two connected sockets, which stay the caller's. If both have ended already, the data connection counts as the first.</summary>
    /// <returns>Null if this system cannot do it, or has no descriptor left.</returns>
    public static EndWatch? TryCreate(Socket data, Socket control)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        SafeFileHandle epoll = new(EpollCreate(CloseOnExec), ownsHandle: true);
        if (!epoll.IsInvalid && TryAdd(epoll, data, Data) && TryAdd(epoll, control, Control))
            return new EndWatch(epoll);
        epoll.Dispose();
        return null;
    }

    public void Dispose() => _epoll.Dispose();

    private static bool TryAdd(SafeFileHandle epoll, Socket socket, byte key)
    {
        Span<byte> entry = stackalloc byte[16];
        entry.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(entry, PeerEnded | EdgeTriggered);
        entry[KeyOffset] = key;
        try
        {
            return EpollControl(epoll, Add, socket.SafeHandle, entry) == 0;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>Records, in order and without waiting, which connections have ended since the last call.</summary>
    private void Look()
    {
        lock (_epoll)
        {
            if (_epoll.IsClosed || (_dataEnded && _controlEnded))
                return;
            Span<byte> entries = stackalloc byte[16 * Watched];
            int count = EpollWait(_epoll, entries, Watched, 0);
            for (int i = 0; i < count; i++)
            {
                byte key = entries[(i * (KeyOffset + 8)) + KeyOffset];
                _first ??= key;
                _dataEnded |= key == Data;
                _controlEnded |= key == Control;
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint EpollCreate(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int EpollControl(SafeHandle epoll, int operation, SafeHandle socket, Span<byte> entry);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int EpollWait(SafeHandle epoll, Span<byte> entries, int count, int milliseconds);
}
