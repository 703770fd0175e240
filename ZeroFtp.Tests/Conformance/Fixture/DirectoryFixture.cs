using ZeroFtp.Conformance.Checks;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Fixture;

/// <summary>Writes the fixture tree into a directory of this machine, and looks through the server at a tree that is said to be there.</summary>
internal static class DirectoryFixture
{
    /// <summary>Writes the tree; the directory is then handed to the server as alice's root.</summary>
    public static void Write(string root)
    {
        foreach (string directory in FixtureTree.Directories.Append(FixtureTree.QuotedDirectory))
            Directory.CreateDirectory(Path.Combine(root, directory));
        foreach ((string path, Func<byte[]> content) in FixtureTree.Files)
            File.WriteAllBytes(Path.Combine(root, path), content());
        foreach ((string path, string content) in FixtureTree.OddFiles)
            File.WriteAllText(Path.Combine(root, path), content);
        File.WriteAllText(Path.Combine(root, FixtureTree.Utf8File), "u\n");
        File.SetLastWriteTimeUtc(Path.Combine(root, "docs/a.txt"), FixtureTree.Modified);
        foreach ((string link, string target) in FixtureTree.Links)
        {
            if (new FileInfo(Path.Combine(root, link)) is { Exists: false, LinkTarget: null })
                File.CreateSymbolicLink(Path.Combine(root, link), target);
        }

        Restrict(Path.Combine(root, "ro.txt"), UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        Restrict(Path.Combine(root, "noread.txt"), UnixFileMode.None);
    }

    /// <summary>Sees which parts the server shows.</summary>
    public static async Task<FixtureParts> LookAsync(Session session)
    {
        FixtureParts parts = new();
        foreach ((string path, Func<byte[]> content) in FixtureTree.Files)
            await SizeAsync(session, parts, path, content().Length, FixturePart.Files);
        foreach ((string path, string content) in FixtureTree.OddFiles)
            await SizeAsync(session, parts, path, content.Length, FixturePart.OddNames);
        await SizeAsync(session, parts, FixtureTree.Utf8File, 2, FixturePart.Utf8Name);
        Reply time = await session.AskAsync("MDTM docs/a.txt");
        if (time.Text != $"{FixtureTree.Modified:yyyyMMddHHmmss}")
            parts.Lacks(FixturePart.Times, $"MDTM docs/a.txt was answered {time}");
        string root = (await session.DownAsync("LIST")).Text;
        foreach ((string link, string target) in FixtureTree.Links)
        {
            if (!root.Contains($" {link}", StringComparison.Ordinal))
                parts.Lacks(FixturePart.Links, $"LIST does not show {link} -> {target}");
        }

        if (!root.Contains("noread.txt", StringComparison.Ordinal) || !root.Contains("ro.txt", StringComparison.Ordinal))
            parts.Lacks(FixturePart.Permissions, "ro.txt and noread.txt are not both in the root directory");
        return parts;
    }

    private static async Task SizeAsync(Session session, FixtureParts parts, string path, int length, FixturePart part)
    {
        Reply reply = await session.AskAsync($"SIZE {path}");
        if (reply.Code != 213 || reply.Text != $"{length}")
            parts.Lacks(part, $"SIZE {path} was answered {reply}, expected 213 {length}");
    }

    private static void Restrict(string path, UnixFileMode mode)
    {
        if (!File.Exists(path))
            File.WriteAllText(path, "p\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, mode);
    }
}
