using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using ZeroFtp.Protocol.Control;

namespace ZeroFtp.Tests.Protocol.Control;

public sealed class GlobTests
{
    [Theory]
    [InlineData("*.txt", "a.txt", true)]
    [InlineData("*.txt", "a.zip", false)]
    [InlineData("*", "", true)]
    [InlineData("*", ".hidden", false)]
    [InlineData("?hidden", ".hidden", false)]
    [InlineData("[.]hidden", ".hidden", false)]
    [InlineData(".*", ".hidden", true)]
    [InlineData("a*b*c", "aXbXbXc", true)]
    [InlineData("[a-c]x", "bx", true)]
    [InlineData("[!a-c]x", "bx", false)]
    [InlineData("[^a-c]x", "dx", true)]
    [InlineData("[]]x", "]x", true)]
    [InlineData("[a-]x", "-x", true)]
    [InlineData("[ax", "[ax", true)]
    [InlineData("[ax", "a", false)]
    [InlineData("{a,b}", "a", false)]
    [InlineData("{a,b}", "{a,b}", true)]
    [InlineData(@"a\*", @"a\b", true)]
    [InlineData("?", "ü", true)]
    [InlineData("?", "😀", true)]
    [InlineData("?", "\U000F00E9", true)]
    [InlineData("??", "😀", false)]
    [InlineData("[😀-😂]", "😁", true)]
    [InlineData("A*", "abc", false)]
    public void Patterns_match_names(string pattern, string name, bool expected) => Assert.Equal(expected, new Glob(pattern).IsMatch(name));

    [Theory]
    [InlineData("*.exe", "setup.EXE", true)]
    [InlineData("*.EXE", "setup.exe", true)]
    [InlineData("*.exe", "setup.exe.txt", false)]
    [InlineData("*.exe", ".x.exe", true)]
    [InlineData("?x", ".x", true)]
    [InlineData("x[ab].txt", "XA.TXT", true)]
    [InlineData("x[A-B].txt", "xb.txt", true)]
    [InlineData("x[ab].txt", "xc.txt", false)]
    [InlineData("x[!ab]", "xA", false)]
    [InlineData("x[!ab]", "xC", true)]
    [InlineData("ü*", "ÜBER", true)]
    [InlineData("", "a", false)]
    public void A_filter_matches_without_case_and_dots_as_any_character(string pattern, string name, bool expected) =>
        Assert.Equal(expected, new Glob(pattern, isFilter: true).IsMatch(name));

    [Fact]
    public void Matching_is_that_of_a_regular_expression()
    {
        Gen<string> text = Gen.Char["ab.-]![^*?"].Array[0, 10].Select(letters => new string(letters));
        Gen.Select(text, text).Sample((pattern, name) =>
            new Glob(pattern).IsMatch(name) == ((!name.StartsWith('.') || pattern.StartsWith('.')) && Regex.IsMatch(name, ToRegex(pattern), RegexOptions.Singleline | RegexOptions.CultureInvariant)), iter: 20_000);
    }

    [Theory]
    [InlineData("*a", 2000)]
    [InlineData("*[a-b]", 1000)]
    [InlineData("[", 4000)]
    [InlineData("*[", 2000)]
    public void No_pattern_takes_long(string part, int times)
    {
        Stopwatch watch = Stopwatch.StartNew();
        Glob glob = new(string.Concat(Enumerable.Repeat(part, times)) + "b");
        for (int count = 0; count < 20; count++)
            Assert.False(glob.IsMatch(new string('a', 255)));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), $"{watch.Elapsed}");
    }

    private static string ToRegex(string pattern)
    {
        StringBuilder regex = new(@"\A");
        for (int index = 0; index < pattern.Length; index++)
        {
            Match set = Regex.Match(pattern[index..], @"\A\[([!^]?)(\]?[^\]]*)\]", RegexOptions.Singleline);
            if (pattern[index] == '[' && set.Success && set.Groups[2].Length > 0)
            {
                regex.Append(set.Groups[1].Length > 0 ? "(?!" : "(?=").Append(ToAlternatives(set.Groups[2].Value)).Append(").");
                index += set.Length - 1;
            }
            else
            {
                regex.Append(pattern[index] switch { '*' => ".*", '?' => ".", char other => Regex.Escape(other.ToString()) });
            }
        }
        return regex.Append(@"\z").ToString();
    }

    /// <summary>All characters of a set that the test's names can hold, one by one.</summary>
    private static string ToAlternatives(string set)
    {
        List<string> members = [];
        for (int index = 0; index < set.Length; index++)
        {
            bool isRange = index + 2 < set.Length && set[index + 1] == '-';
            members.AddRange("ab.-]![^*?".Where(letter => isRange ? set[index] <= letter && letter <= set[index + 2] : letter == set[index]).Select(letter => Regex.Escape(letter.ToString())));
            index += isRange ? 2 : 0;
        }
        return members.Count == 0 ? "(?!)" : string.Join('|', members);
    }
}
