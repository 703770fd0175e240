namespace ZeroFtp.Tests.Interop;

/// <summary>Files with awkward names and lengths, and what is needed to compare two trees.</summary>
internal static class SampleTree
{
    public static string Make(string parent, int files, bool withPercent = true)
    {
        string root = Directory.CreateDirectory(Path.Combine(parent, "tree")).FullName;
        Random random = new(files);
        string[] names = ["plain.txt", "two words.txt", "ünï cödé.dat", "semi;colon&and.bin", withPercent ? "percent%20.bin" : "percent.bin", "quote's.txt", "zero"];
        for (int i = 0; i < files; i++)
        {
            string directory = Directory.CreateDirectory(Path.Combine(root, $"d{i % 7}", i % 3 == 0 ? "in ner" : "inner")).FullName;
            byte[] content = new byte[i % 11 == 0 ? 0 : random.Next(1, 20_000)];
            random.NextBytes(content);
            File.WriteAllBytes(Path.Combine(directory, $"{i} {names[i % names.Length]}"), content);
        }
        Directory.CreateDirectory(Path.Combine(root, "empty"));
        return root;
    }

    public static string MakeFile(string directory, string name, int length)
    {
        byte[] content = new byte[length];
        new Random(length).NextBytes(content);
        string path = Path.Combine(directory, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    public static void AssertSameTree(string expected, string actual)
    {
        Assert.Equal(Names(expected), Names(actual));
        foreach (string name in Names(expected))
            AssertSameFile(Path.Combine(expected, name), Path.Combine(actual, name));
    }

    public static void AssertSameFile(string expected, string actual) =>
        Assert.True(File.ReadAllBytes(expected).AsSpan().SequenceEqual(File.ReadAllBytes(actual)), $"{expected} and {actual} differ.");

    private static List<string> Names(string root) => [.. Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(root, path)).Order(StringComparer.Ordinal)];
}
