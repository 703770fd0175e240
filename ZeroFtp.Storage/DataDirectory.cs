using System.Globalization;
using ZeroFtp.Storage.Metadata;
using ZeroFtp.Storage.Objects.Local;

namespace ZeroFtp.Storage;

/// <summary>The layout of a data directory, and the lock that lets one process serve it. The operating system frees the lock when its process ends, however it ends.</summary>
internal sealed class DataDirectory : IDisposable
{
    private const string LockName = "lock";
    private FileStream? _lock;

    /// <summary>Creates what is missing, for its owner only.</summary>
    public DataDirectory(string path)
    {
        Path = System.IO.Path.GetFullPath(path);
        List<string> parents = [];
        for (string missing = Path; !Directory.Exists(missing) && System.IO.Path.GetDirectoryName(missing) is string parent; missing = parent)
            parents.Add(parent);
        PrivateFiles.CreateDirectory(Path);
        foreach (string parent in parents)
            NativeDirectory.Sync(parent);
    }

    public string Path { get; }

    public string DatabasePath => DatabaseIn(Path);

    public string ObjectsPath => System.IO.Path.Combine(Path, "objects");

    public string ReservePath => System.IO.Path.Combine(Path, "reserve");

    public static string DatabaseIn(string directory) => System.IO.Path.Combine(directory, "metadata.db");

    /// <summary>Whether there is content. An empty database beside it would let everything look unused, and a repair would delete it.</summary>
    public bool HoldsContent => LocalObjectStore.HoldsAny(ObjectsPath);

    /// <summary>Lets no database be made where one is missing beside content.</summary>
    /// <exception cref="MetadataException">Unusable: it is missing or empty, but there is content.</exception>
    public void DemandDatabase()
    {
        if (new FileInfo(DatabasePath) is not { Exists: true, Length: > 0 } && HoldsContent)
            throw new MetadataException(MetadataError.Unusable, $"The database '{DatabasePath}' is missing or empty, but there is content in '{ObjectsPath}'; restore the database, or move the content away to begin anew.");
    }

    /// <exception cref="StorageInUseException">Another process holds the lock; the message says which.</exception>
    /// <exception cref="IOException">The directory cannot be written.</exception>
    public void Lock()
    {
        string path = System.IO.Path.Combine(Path, LockName);
        FileStreamOptions options = new() { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            _lock = new FileStream(path, options);
        }
        catch (IOException exception) when (IoFailure.IsHeldByOther(exception))
        {
            throw new StorageInUseException($"The data directory '{Path}' is in use by {Describe(path)}. Two servers must not share one; stop the other one or choose another directory.", exception);
        }
        try
        {
            _lock.SetLength(0);
            _lock.Write(System.Text.Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
        }
        catch (IOException exception) when (IoFailure.IsFull(exception))
        {
            // The lock holds without a number in it, and the server that holds it lets files be deleted.
        }
    }

    public void Dispose() => _lock?.Dispose();

    private static string Describe(string path)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using StreamReader reader = new(file);
            string text = reader.ReadToEnd();
            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int process) ? string.Create(CultureInfo.InvariantCulture, $"process {process}") : "another process";
        }
        catch (IOException)
        {
            return "another process";
        }
    }
}
