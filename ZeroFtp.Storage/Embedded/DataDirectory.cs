using System.Globalization;
using ZeroFtp.Storage.Metadata;
using ZeroFtp.Storage.Objects.Local;

namespace ZeroFtp.Storage.Embedded;

/// <summary>
/// The layout of a data directory, and the lock that lets only one process serve it. The operating system releases the lock when the process ends, however it
/// ends.
/// </summary>
internal sealed class DataDirectory : IDisposable
{
    private const string LockName = "lock";

    // A tool needs less than this to create the schema of a new store.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private FileStream? _lock;

    /// <summary>Creates what is missing, accessible by its owner only.</summary>
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

    private string LockPath => System.IO.Path.Combine(Path, LockName);

    public static string DatabaseIn(string directory) => System.IO.Path.Combine(directory, "metadata.db");

    /// <summary>True if there is content. With an empty database beside it, all content would look unused, and a repair would delete it.</summary>
    public bool HoldsContent => LocalObjectStore.HoldsAny(ObjectsPath);

    /// <summary>Prevents that a database is created where one is missing beside content.</summary>
    /// <exception cref="MetadataException">Unusable: the database is missing or empty, but there is content.</exception>
    public void DemandDatabase()
    {
        if (new FileInfo(DatabasePath) is not { Exists: true, Length: > 0 } && HoldsContent)
            throw new MetadataException(MetadataError.Unusable, $"The database '{DatabasePath}' is missing or empty, but there is content in '{ObjectsPath}'; restore the database, or move the content away to start empty.");
    }

    /// <summary>Takes the lock for as long as this process uses the directory. Waits for a tool that holds it for a moment to create the schema.</summary>
    /// <exception cref="StorageInUseException">Another process holds the lock; the message says which.</exception>
    /// <exception cref="IOException">The directory cannot be written.</exception>
    public async ValueTask LockAsync(CancellationToken cancellationToken)
    {
        long began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                _lock = Open();
                return;
            }
            catch (IOException exception) when (IoFailure.IsHeldByOther(exception))
            {
                if (TimeProvider.System.GetElapsedTime(began) > Patience)
                    throw new StorageInUseException($"The data directory '{Path}' is in use by {Describe(LockPath)}. Two servers must not share one; stop the other one or choose another directory.", exception);
            }
            await Task.Delay(50, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Takes the lock for a migration if nobody holds it. Dispose the result to release it.</summary>
    /// <exception cref="IOException">The directory cannot be written.</exception>
    public IDisposable? TryLockToMigrate()
    {
        try
        {
            return Open();
        }
        catch (IOException exception) when (IoFailure.IsHeldByOther(exception))
        {
            return null;
        }
    }

    public void Dispose() => _lock?.Dispose();

    private FileStream Open()
    {
        FileStreamOptions options = new() { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        FileStream file = new(LockPath, options);
        try
        {
            file.SetLength(0);
            file.Write(System.Text.Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
        }
        catch (IOException exception) when (IoFailure.IsFull(exception))
        {
            // The lock works without a process id in it, and the server that holds it allows files to be deleted.
        }
        return file;
    }

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
