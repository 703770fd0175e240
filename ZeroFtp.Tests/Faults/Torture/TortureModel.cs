namespace ZeroFtp.Tests.Faults.Torture;

/// <summary>
/// What one worker knows of its own directory: files whose content is certain because it was acknowledged, and doubts about names whose last operation was not. A name in doubt is never used again, and a
/// directory that holds one is never moved or removed, since what was lost may still happen.
/// </summary>
internal sealed class TortureModel(string root)
{
    private readonly HashSet<string> _frozen = [];

    public string Root => root;

    /// <summary>Files by path.</summary>
    public Dictionary<string, byte[]> Files { get; } = [];

    public List<string> Directories { get; } = [];

    public List<TortureDoubt> Doubts { get; } = [];

    /// <summary>A directory that may be moved or removed; null if there is none.</summary>
    public string? PickMovable(Random random)
    {
        string[] movable = [.. Directories.Where(directory => !_frozen.Contains(directory))];
        return movable.Length == 0 ? null : movable[random.Next(movable.Length)];
    }

    public string? PickFile(Random random) => Files.Count == 0 ? null : Files.Keys.ElementAt(random.Next(Files.Count));

    public string[] FilesIn(string directory) => [.. Files.Keys.Where(path => DirectoryOf(path) == directory)];

    /// <summary>A file is no longer certain.</summary>
    public void Doubt(TortureDoubt doubt, params IEnumerable<string> paths)
    {
        Doubts.Add(doubt);
        foreach (string path in paths)
        {
            Files.Remove(path);
            _frozen.Add(DirectoryOf(path));
        }
    }

    /// <summary>A directory may be gone or elsewhere, with all it holds.</summary>
    public void DoubtDirectory(string directory, Func<string, byte[], TortureDoubt> doubt)
    {
        Directories.Remove(directory);
        foreach (string path in FilesIn(directory))
        {
            Doubts.Add(doubt(path, Files[path]));
            Files.Remove(path);
        }
    }

    public void MoveDirectory(string from, string to)
    {
        Directories.Remove(from);
        Directories.Add(to);
        foreach (string path in FilesIn(from))
        {
            Files[to + path[from.Length..]] = Files[path];
            Files.Remove(path);
        }
    }

    public void RemoveDirectory(string directory)
    {
        Directories.Remove(directory);
        foreach (string path in FilesIn(directory))
            Files.Remove(path);
    }

    private static string DirectoryOf(string path) => path[..path.LastIndexOf('/')];
}
