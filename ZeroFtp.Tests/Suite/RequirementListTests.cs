using System.Text.RegularExpressions;
using ZeroFtp.Conformance.Checks;
using ZeroFtp.Tests.Guards;

namespace ZeroFtp.Tests.Suite;

/// <summary>The conformance suite has every requirement once, and says of each that no socket can show which test does.</summary>
public sealed partial class RequirementListTests
{
    private const int Count = 666;

    [Fact]
    public void The_suite_has_the_requirements_of_the_list_and_no_others()
    {
        string[] list = File.ReadAllLines(Path.Combine(Sources.Root, "ZeroFtp.Tests", "Conformance", "requirements.tsv"));
        string[] suite = [.. Registry.All.Select(static check => $"{check.Id}\t{check.Level}\t{check.Source}\t{check.Title}")];

        Assert.Equal(Count, list.Length);
        Assert.Equal(list, suite);
        Assert.Equal(Count, Registry.All.Select(static check => check.Id).Distinct().Count());
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

    [GeneratedRegex(@"\b[A-Z]\w*Tests\.[A-Z]\w*")]
    private static partial Regex TestName();
}
