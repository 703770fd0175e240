using System.Reflection;
using System.Text.RegularExpressions;
using ZeroFtp.Tests.Guards;
using ZeroFtp.Tests.Transcripts;

namespace ZeroFtp.Tests.Security;

/// <summary>docs/security.md maps attacks to tests. What it names is there.</summary>
public sealed partial class SecurityManualTests
{
    private static readonly string Manual = File.ReadAllText(Path.Combine(Sources.Root, "docs", "security.md"));

    private static readonly string[][] Rows = [.. Manual.Split('\n').Where(static line => line.StartsWith("| ", StringComparison.Ordinal) && line.Contains('`', StringComparison.Ordinal)).Select(static line => line.Split('|', StringSplitOptions.TrimEntries)[1..^1])];

    /// <summary>What the attacks that are known are called here, each by words of its row.</summary>
    private static readonly string[] Known =
    [
        "behind AUTH TLS", "Traversal", "Symbolic links", "SQL or a path", "names: replies", "names: listings", "names: logs", "`-R`", "PORT and EPRT; loopback, mapped", "Theft of a passive port", "inverse", "Long lines", "Slow lines",
        "Memory before login", "REST, RANG, ALLO, PORT", "Every verb in every state", "interrupted transfer", "SITE without the right", "by time", "Brute force", "Empty passwords", "HTTP and other protocols", "passive ports taken",
        "sessions taken", "Quota passed", "TLS cut", "truncated before", "ended in 226", "PASV only", "path with spaces", "EPSV ALL", "REST -5", "64 MiB", "IPv4 only", "CHMOD with one", "stranger's connection", "cannot be read",
    ];

    [Fact]
    public void Every_known_attack_and_mistake_has_its_row() =>
        Assert.All(Known, static words => Assert.Contains(Rows, row => row[0].Contains(words, StringComparison.OrdinalIgnoreCase)));

    [Fact]
    public void Every_row_names_a_test_and_what_was_broken()
    {
        Assert.All(Rows, static row =>
        {
            Assert.Equal(3, row.Length);
            Assert.True(Names().IsMatch(row[1]), $"No test: {row[0]}");
            Assert.True(row[2].Length > 10, $"Not seen to fail: {row[0]}");
        });
    }

    [Fact]
    public void Every_test_that_is_named_exists()
    {
        HashSet<string> tests = [.. typeof(SecurityManualTests).Assembly.GetTypes().SelectMany(static type => type.GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            .Where(static method => method.GetCustomAttributes<FactAttribute>().Any()).Select(method => $"{type.Name}.{method.Name}"))];
        HashSet<string> transcripts = [.. TranscriptFiles.All];
        string[] named = [.. Names().Matches(Manual).Select(static match => match.Groups[1].Value)];
        Assert.True(named.Length > 80);
        Assert.All(named, name => Assert.True(name.EndsWith(".txt", StringComparison.Ordinal) ? transcripts.Contains(name) || transcripts.Contains(name[..^4]) : tests.Contains(name), $"There is no {name}."));
    }

    [GeneratedRegex("`([A-Z][A-Za-z]+Tests\\.[A-Za-z0-9_]+|[a-z]+/[a-z0-9.-]+\\.txt)`")]
    private static partial Regex Names();
}
