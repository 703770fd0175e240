using System.Reflection;

namespace ZeroFtp.Tests.Guards;

/// <summary>Each habit of the real daemon that the manual tells has a test, under the name that the manual gives.</summary>
public sealed class HabitTests
{
    private const int Habits = 18;

    private static readonly HashSet<string> Tests =
    [
        .. typeof(HabitTests).Assembly.GetTypes().SelectMany(static type => type.GetMethods()).Where(static method => method.GetCustomAttributes<FactAttribute>().Any()).Select(static method => method.Name),
    ];

    [Fact]
    public async Task Every_habit_has_its_tests()
    {
        string manual = await File.ReadAllTextAsync(Path.Combine(Sources.Root, "docs", "zerostor.md"), TestContext.Current.CancellationToken);
        string[][] rows = [.. manual.Split('\n').Where(static line => line.StartsWith("| H", StringComparison.Ordinal)).Select(static line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries))];
        Assert.Equal(Enumerable.Range(1, Habits).Select(static number => $"H{number}"), rows.Select(static row => row[0]));
        foreach (string[] row in rows)
        {
            string[] named = [.. row[^1].Split(',', StringSplitOptions.TrimEntries).Select(static name => name.Trim('`'))];
            Assert.All(named, name => Assert.Contains(name, Tests));
        }
    }
}
