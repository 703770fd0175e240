using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Transcripts;

/// <summary>The golden conversations: text files beside the tests.</summary>
internal static class TranscriptFiles
{
    private static readonly string Root = Path.Combine(AppContext.BaseDirectory, "Transcripts");

    public static IReadOnlyList<string> All { get; } =
        [.. Directory.EnumerateFiles(Root, "*.txt", SearchOption.AllDirectories).Select(static path => Path.GetRelativePath(Root, path).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    public static IReadOnlyList<Step> Read(string name) => Step.Parse(File.ReadLines(Path.Combine(Root, name)));

    /// <summary>The powers of a driver that a file needs.</summary>
    public static IEnumerable<string> NeedsOf(string name) => Read(name).Where(static step => step.Kind == "@needs").SelectMany(static step => step.Text.Split(' '));

    /// <summary>The verbs that a file sends as commands of its own.</summary>
    public static IEnumerable<string> VerbsOf(string name) => Read(name)
        .Where(static step => step.Kind == "C:")
        .SelectMany(static step => Octets.Unescape(step.Text).Split('\n'))
        .Select(static line => line.Split(' ', '\r', '<')[0].ToUpperInvariant());
}
