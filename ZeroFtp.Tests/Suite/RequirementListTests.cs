using System.Text.RegularExpressions;
using ZeroFtp.Conformance.Checks;
using ZeroFtp.Tests.Guards;

namespace ZeroFtp.Tests.Suite;

/// <summary>The conformance suite has every requirement once, and says of each that no socket can show which test does.</summary>
public sealed partial class RequirementListTests
{
    private const int Count = 648;

    [Fact]
    public void The_suite_has_the_requirements_of_the_list_and_no_others()
    {
        string[] list = File.ReadAllLines(Path.Combine(Sources.Root, "ZeroFtp.Tests", "Conformance", "requirements.tsv"));
        string[] suite = [.. Registry.All.Select(static check => $"{check.Id}\t{check.Level}\t{check.Source}\t{check.Title}")];

        Assert.Equal(Count, list.Length);
        Assert.Equal(list, suite);
        Assert.Equal(Count, Registry.All.Select(static check => check.Id).Distinct().Count());
    }

    /// <summary>The text that the list was made from lies beside the repository in some working copies only.</summary>
    [Fact]
    public void The_list_is_that_of_the_text_it_was_made_from()
    {
        string text = Path.Combine(Sources.Root, "..", "shared", "protocol", "REQUIREMENTS.md");
        if (!File.Exists(text))
            Assert.Skip("The text is not beside this working copy.");
        Dictionary<string, string> written = File.ReadLines(text).Select(static line => Entry().Match(line)).Where(static match => match.Success)
            .ToDictionary(static match => match.Groups["id"].Value, static match => Same(match.Groups["source"].Value));

        Assert.Equal(Count, written.Count);
        Assert.Empty(written.Keys.Except(Registry.All.Select(static check => check.Id)));
        foreach (Check check in Registry.All)
            Assert.Equal((check.Id, written[check.Id]), (check.Id, Same(check.Source.Length == 0 ? check.Level : $"{check.Source}, {check.Level}")));
    }

    [Fact]
    public void What_no_socket_can_show_names_a_test_that_exists()
    {
        HashSet<string> tests = [.. typeof(RequirementListTests).Assembly.GetTypes().SelectMany(static type => type.GetMethods().Select(method => $"{type.Name}.{method.Name}"))];
        Check[] manual = [.. Registry.All.Where(static check => check.Run is null)];

        Assert.NotEmpty(manual);
        foreach (Check check in manual)
        {
            string[] named = [.. TestName().Matches(check.Manual!).Select(static match => match.Value)];
            Assert.True(named.Length > 0, $"{check.Id} names no test: {check.Manual}");
            Assert.All(named, name => Assert.True(tests.Contains(name), $"{check.Id} names a test that does not exist: {name}"));
        }
    }

    /// <summary>Between source and level stands a comma, and in a few places a semicolon or a plus.</summary>
    private static string Same(string text) => Separator().Replace(text, ", ");

    [GeneratedRegex(@"^- \*\*(?<id>[A-Z0-9][^*]*)\*\* \((?<source>(?:[^()]|\([^)]*\))*)\)")]
    private static partial Regex Entry();

    [GeneratedRegex(@"\s*[;+,]\s*")]
    private static partial Regex Separator();

    [GeneratedRegex(@"\b[A-Z]\w*Tests\.[A-Z]\w*")]
    private static partial Regex TestName();
}
