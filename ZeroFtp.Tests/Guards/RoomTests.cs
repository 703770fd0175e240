using System.Text.RegularExpressions;

namespace ZeroFtp.Tests.Guards;

/// <summary>A room is a folder at the top of a project. Namespaces follow folders, and rooms use each other in one direction, but for the pairs that are listed here.</summary>
public sealed partial class RoomTests
{
    private const string Top = "(top)";

    /// <summary>Uses that lead back to a room which, directly or not, uses this one.</summary>
    private static readonly Dictionary<string, string[]> Inherent = new(StringComparer.Ordinal)
    {
        // A session runs commands, and a command works on its session. A verb that is switched off may be given by any of its names, which the table of verbs knows.
        ["ZeroFtp.Protocol"] = ["Options -> Commands", "Sessions -> Commands"],
        ["ZeroFtp.Storage"] = [],
        // What the program checks before a start, and what it reads and serves, name each other's faults.
        ["ZeroFtp.Host"] =
        [
            "Checks -> Certificates", "Checks -> Configuration", "Configuration -> Certificates", "Configuration -> Telemetry", "Metrics -> Serving", "Serving -> Commands", "Telemetry -> Serving",
        ],
    };

    public static TheoryData<string> Projects => [.. Inherent.Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Namespaces_follow_folders(string project)
    {
        string root = Path.Combine(Sources.Root, project);
        Assert.All(Sources.FilesOf(project), path =>
        {
            if (NamespaceLine().Match(File.ReadAllText(path)) is { Success: true } match)
                Assert.Equal(NamespaceOf(project, Path.GetRelativePath(root, path)), match.Groups[1].Value);
        });
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Rooms_use_each_other_in_one_direction(string project)
    {
        Dictionary<string, HashSet<string>> uses = UsesOf(project);
        Assert.NotEmpty(uses);
        foreach (string allowed in Inherent[project])
        {
            string[] pair = allowed.Split(" -> ");
            Assert.True(uses[pair[0]].Remove(pair[1]), $"{allowed} is not used any more: take it from the list.");
        }
        Assert.Empty(from one in uses
                     from other in one.Value
                     where Reaches(uses, other, one.Key)
                     select $"{one.Key} -> {other}");
    }

    private static Dictionary<string, HashSet<string>> UsesOf(string project)
    {
        string root = Path.Combine(Sources.Root, project);
        (string Room, string Text)[] files = [.. Sources.FilesOf(project).Select(path => (RoomOf(Path.GetRelativePath(root, path)), File.ReadAllText(path)))];
        Regex topTypes = new($@"(?<![.\w""])({string.Join('|', files.Where(static file => file.Room == Top).SelectMany(static file => TypeLine().Matches(file.Text).Select(static match => match.Groups[1].Value)))})(?=[\s(.<?;,)])");
        Dictionary<string, HashSet<string>> uses = new(StringComparer.Ordinal);
        foreach ((string room, string text) in files)
        {
            HashSet<string> of = uses.TryGetValue(room, out HashSet<string>? known) ? known : uses[room] = new HashSet<string>(StringComparer.Ordinal);
            of.UnionWith(UsingLine().Matches(text).Select(static match => match.Groups[1].Value).Where(name => name.StartsWith(project + ".", StringComparison.Ordinal)).Select(name => name[(project.Length + 1)..].Split('.')[0]));
            // What lies at the top needs no using directive.
            if (topTypes.IsMatch(Comment().Replace(text, "")))
                of.Add(Top);
            of.Remove(room);
        }
        return uses;
    }

    private static bool Reaches(Dictionary<string, HashSet<string>> uses, string from, string to)
    {
        HashSet<string> seen = [from];
        Stack<string> open = new([from]);
        while (open.TryPop(out string? room))
        {
            if (room == to)
                return true;
            foreach (string next in uses.GetValueOrDefault(room, []).Where(seen.Add))
                open.Push(next);
        }
        return false;
    }

    private static string RoomOf(string path) => path.Split(Path.DirectorySeparatorChar) is { Length: > 1 } parts ? parts[0] : Top;

    private static string NamespaceOf(string project, string path) => string.Join('.', [project, .. path.Split(Path.DirectorySeparatorChar)[..^1]]);

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"^using (ZeroFtp[\w.]*);", RegexOptions.Multiline)]
    private static partial Regex UsingLine();

    [GeneratedRegex(@"^(?:(?:public|internal|static|sealed|abstract|readonly|partial) )+(?:record struct|class|struct|record|interface|enum) (\w+)", RegexOptions.Multiline)]
    private static partial Regex TypeLine();

    [GeneratedRegex(@"//[^\n]*")]
    private static partial Regex Comment();
}
