using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ZeroFtp.Storage.Objects.Local;

/// <summary>
/// Syncs a directory, so that entries created and removed in it survive a power failure, and creates a directory without its parents. .NET does neither, hence
/// the calls to the C library.
/// </summary>
internal static partial class NativeDirectory
{
    /// <summary>True if the platform can sync a directory. Windows journals its directories and has nothing to wait for.</summary>
    public static bool IsSupported => !OperatingSystem.IsWindows();

    /// <summary>Syncs the directory. Does nothing where that is not supported.</summary>
    /// <exception cref="IOException">The directory does not exist, or the device failed.</exception>
    public static void Sync(string path)
    {
        if (!IsSupported)
            return;
        int descriptor = Open(path, CloseOnExec, 0);
        if (descriptor < 0)
            throw Failure("open", path);
        using SafeFileHandle handle = new(descriptor, ownsHandle: true);
        while (FSync(handle) != 0)
        {
            if (Marshal.GetLastPInvokeError() != Interrupted)
                throw Failure("sync", path);
        }
    }

    /// <summary>Creates the directory, accessible by its owner only, if it is missing. Never creates its parents.</summary>
    /// <exception cref="IOException">The directory cannot be created, for example because its parent is missing.</exception>
    public static void Create(string path)
    {
        if (IsSupported)
        {
            if (MkDir(path, ForOwner) != 0 && Marshal.GetLastPInvokeError() != Exists)
                throw Failure("make", path);
            return;
        }
        if (!Directory.Exists(Path.GetDirectoryName(path)))
            throw new DirectoryNotFoundException($"Cannot make the directory '{path}': the one above it is missing.");
        Directory.CreateDirectory(path);
    }

    private const int Interrupted = 4;
    private const int Exists = 17;
    private const int ForOwner = 0b111_000_000;

    private static int CloseOnExec => OperatingSystem.IsLinux() || OperatingSystem.IsAndroid() ? 0x80000 : OperatingSystem.IsFreeBSD() ? 0x100000 : 0x1000000;

    private static IOException Failure(string what, string path)
    {
        int error = Marshal.GetLastPInvokeError();
        return new IOException($"Cannot {what} the directory '{path}': {new Win32Exception(error).Message}", error);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "mkdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MkDir(string path, int mode);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(SafeFileHandle file);
}
