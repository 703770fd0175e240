using System.Collections.Immutable;

namespace ZeroFtp.Tests.Faults;

/// <summary>
/// What names there are and what they hold, as a store that does one thing at a time has it: a directory is an empty text, a file the marks of what was written to it. Operations give the tree after them, or null if they
/// are refused. Equal trees have equal texts.
/// </summary>
internal readonly record struct NameTree(ImmutableSortedDictionary<string, string> Entries)
{
    public static NameTree Empty { get; } = new(ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal));

    public NameTree? Store(string path, string content) => HasParent(path) && !IsDirectory(path) ? Set(path, content) : null;

    public NameTree? Append(string path, string content) => HasParent(path) && !IsDirectory(path) ? Set(path, Entries.GetValueOrDefault(path, "") + content) : null;

    public NameTree? Make(string path) => HasParent(path) && !Entries.ContainsKey(path) ? Set(path, "") : null;

    public NameTree? RemoveFile(string path) => Entries.ContainsKey(path) && !IsDirectory(path) ? new NameTree(Entries.Remove(path)) : null;

    public NameTree? RemoveDirectory(string path) => IsDirectory(path) && !Below(path).Any() ? new NameTree(Entries.Remove(path)) : null;

    /// <summary>A file replaces a file; a directory replaces nothing and goes nowhere into itself.</summary>
    public NameTree? Move(string from, string to)
    {
        if (!Entries.TryGetValue(from, out string? moved) || !HasParent(to) || IsDirectory(to) || to.StartsWith(from + "/", StringComparison.Ordinal) || (moved.Length == 0 && Entries.ContainsKey(to)))
            return null;
        ImmutableSortedDictionary<string, string> entries = Entries.Remove(from).SetItem(to, moved);
        foreach (string path in Below(from).ToArray())
            entries = entries.Remove(path).SetItem(to + path[from.Length..], Entries[path]);
        return new NameTree(entries);
    }

    /// <summary>The content of a file; null if there is none.</summary>
    public string? Read(string path) => Entries.TryGetValue(path, out string? content) && content.Length > 0 ? content : null;

    /// <summary>The names at the top.</summary>
    public string List() => string.Join(" ", Entries.Keys.Where(static path => !path.Contains('/', StringComparison.Ordinal)));

    public NameTree Set(string path, string content) => new(Entries.SetItem(path, content));

    public override string ToString() => string.Join(" ", Entries.Select(static x => x.Value.Length == 0 ? x.Key + "/" : $"{x.Key}={x.Value}"));

    private bool IsDirectory(string path) => Entries.TryGetValue(path, out string? content) && content.Length == 0;

    private bool HasParent(string path) => path.LastIndexOf('/') is var at && (at < 0 || IsDirectory(path[..at]));

    private IEnumerable<string> Below(string path) => Entries.Keys.Where(x => x.StartsWith(path + "/", StringComparison.Ordinal));
}
