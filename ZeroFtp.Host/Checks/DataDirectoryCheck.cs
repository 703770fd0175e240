using System.Runtime.InteropServices;
using ZeroFtp.Host.Configuration;

namespace ZeroFtp.Host.Checks;

/// <summary>Checks that the data directory of an embedded store can be used, or created.</summary>
internal static partial class DataDirectoryCheck
{
    private const int WriteAndSearch = 2 | 1;

    public static IEnumerable<ConfigurationFault> Find(LoadedConfiguration loaded)
    {
        if (loaded.Configuration.Distributed is null && FaultOf(loaded.Configuration.Storage.DataDirectory) is { } fault)
            yield return loaded.Fault("data", fault);
    }

    private static string? FaultOf(string directory)
    {
        if (File.Exists(directory))
            return $"{directory} is a file, not a directory; name a directory, or one that can be created";
        string existing = Path.GetFullPath(directory);
        while (!Directory.Exists(existing) && Path.GetDirectoryName(existing) is { } parent)
        {
            if (File.Exists(existing))
                return $"{directory} cannot be created, since {existing} is a file; name another directory";
            existing = parent;
        }
        if (OperatingSystem.IsWindows() || Access(existing, WriteAndSearch) == 0)
            return null;
        return Directory.Exists(directory)
            ? $"there is no permission to write in {directory}; run as its owner, or name another directory"
            : $"{directory} cannot be created, since there is no permission to write in {existing}; name another directory";
    }

    [LibraryImport("libc", EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Access(string path, int mode);
}
