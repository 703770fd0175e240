using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ZeroFtp.Storage.Objects.Local;

/// <summary>Queries which part of a file is in memory, on Linux 6.5 and later (cachestat(2)).</summary>
internal static unsafe partial class PageCache
{
    private const long CacheStat = 451;
    private static bool _isSupported = OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64;

    /// <summary>
    /// True if the first <paramref name="length"/> bytes are all in memory, so that reading them does not read the disk; also true where the system cannot
    /// tell.
    /// </summary>
    public static bool Holds(SafeFileHandle file, long length)
    {
        if (!_isSupported)
            return true;
        Range range = new() { Length = (ulong)length };
        Statistics statistics;
        if (Call(CacheStat, file, &range, &statistics, 0) == 0)
            return (long)statistics.Cached >= (length + Environment.SystemPageSize - 1) / Environment.SystemPageSize;
        _isSupported = false;
        return true;
    }

    [LibraryImport("libc", EntryPoint = "syscall")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial long Call(long number, SafeHandle file, Range* range, Statistics* statistics, uint flags);

    [StructLayout(LayoutKind.Sequential)]
    private struct Range
    {
        public ulong Offset;
        public ulong Length;
    }

    /// <summary>struct cachestat, in pages.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Statistics
    {
        public ulong Cached;
        public ulong Dirty;
        public ulong Writeback;
        public ulong Evicted;
        public ulong RecentlyEvicted;
    }
}
