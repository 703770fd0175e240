using System.Text.RegularExpressions;
using CsCheck;
using ZeroFtp.Protocol.Commands;

namespace ZeroFtp.Tests.Protocol.Commands;

public sealed class NamePatternTests
{
    [Theory]
    [InlineData("*.exe", "setup.EXE", true)]
    [InlineData("*.exe", "setup.exe.txt", false)]
    [InlineData(".ht*", ".htaccess", true)]
    [InlineData("a?c", "abc", true)]
    [InlineData("a?c", "ac", false)]
    [InlineData("*", "", true)]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    [InlineData("a*b*c", "aXXbYYc", true)]
    public void Matches(string pattern, string name, bool expected) => Assert.Equal(expected, NamePattern.Matches(pattern, name));

    [Fact]
    public void Is_as_a_regular_expression() => Gen.Select(Gen.String[Gen.Char['a', 'c'], 0, 12], Gen.String[Gen.OneOf(Gen.Char['a', 'c'], Gen.Const('*'), Gen.Const('?')), 0, 8]).Sample(static (name, pattern) =>
    {
        string expression = "^" + Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal).Replace("\\?", ".", StringComparison.Ordinal) + "$";
        Assert.Equal(Regex.IsMatch(name, expression, RegexOptions.Singleline | RegexOptions.IgnoreCase), NamePattern.Matches(pattern, name));
    });

    [Fact]
    public void Many_stars_cost_no_more_than_their_product() => Assert.False(NamePattern.Matches(string.Concat(Enumerable.Repeat("*a", 200)) + "b", new string('a', 5000)));
}
