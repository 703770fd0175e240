namespace ZeroFtp.Storage.Objects.Local;

/// <summary>Creates and opens files and directories that only their owner can read.</summary>
internal static class PrivateFiles
{
    private const UnixFileMode ForOwner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Creates the directory if it is missing. An existing one keeps its mode: whoever created it may have had reasons.</summary>
    public static void CreateDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, ForOwner | UnixFileMode.UserExecute);
    }

    /// <summary>Creates a file that must not exist yet, for unbuffered writing.</summary>
    public static FileStream CreateNew(string path)
    {
        FileStreamOptions options =
            new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = ForOwner;
        return new FileStream(path, options);
    }

    /// <summary>Opens a file for unbuffered, asynchronous reading.</summary>
    public static FileStream OpenRead(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous);
}
