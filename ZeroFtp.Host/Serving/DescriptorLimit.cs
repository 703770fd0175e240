using System.Runtime.InteropServices;

namespace ZeroFtp.Host.Serving;

/// <summary>Holds <c>limits:maxSessions</c> against the file descriptors that the process may open. A runtime without a free descriptor cannot start a thread or load a file and ends the process.</summary>
internal static partial class DescriptorLimit
{
    /// <summary>The control connection, the data connection and the file or passive port of one session.</summary>
    public const int PerSession = 3;

    /// <summary>Kept free for the runtime, the store, logs, metrics, and connections that are being refused.</summary>
    public const int Reserved = 192;

    private const int NoFile = 7;

    /// <summary>Raises the limit of the process to the most that the system allows it.</summary>
    /// <returns>The descriptors that the process may have open; null where the system does not say.</returns>
    public static long? Raise()
    {
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess || Get(NoFile, out Limit limit) != 0)
            return null;
        Limit raised = limit with { Soft = limit.Hard };
        return (long)Math.Min(long.MaxValue, limit.Soft < limit.Hard && Set(NoFile, raised) == 0 ? raised.Soft : limit.Soft);
    }

    /// <summary>The number of sessions that the descriptors suffice for: at least one, at most the number wanted.</summary>
    public static int SessionsWithin(long descriptors, int wanted) => (int)Math.Clamp((descriptors - Reserved) / PerSession, 1, wanted);

    [LibraryImport("libc", EntryPoint = "getrlimit", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Get(int resource, out Limit limit);

    [LibraryImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Set(int resource, in Limit limit);

    /// <summary>struct rlimit of 64-bit Linux.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Limit(ulong Soft, ulong Hard);
}
