using CsCheck;
using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Tests.Protocol.Driver;

public sealed class FtpPathTests
{
    private static readonly Gen<string> Pathname = Gen.OneOf("a", "b", "..", ".", "/", "//", "/../", "...", ".a", "a..", " ", "ü", new string('n', 200)).Array[0, 8].Select(string.Concat);

    [Fact]
    public void Resolving_is_what_a_slow_resolver_does() => Gen.Select(Pathname, Pathname).Sample((first, second) =>
    {
        FtpPath directory = FtpPath.Parse("/" + first);
        bool resolved = directory.TryResolve(second, out FtpPath path);
        return directory.Text == SlowResolve("/", "/" + first) && resolved == (second.Length > 0) && (!resolved || path.Text == SlowResolve(directory.Text, second));
    });

    [Fact]
    public void A_path_is_its_parent_and_its_name() => Pathname.Sample(text =>
    {
        FtpPath path = FtpPath.Parse("/" + text);
        return path.IsRoot ? path.Parent.IsRoot && path.Name.Length == 0 : path.Parent.Append(path.Name) == path && "/" + string.Join('/', path.Components) == path.Text;
    });

    [Fact]
    public void A_path_lies_within_its_ancestors_and_nothing_else() => Gen.Select(Pathname, Pathname).Sample((first, second) =>
    {
        FtpPath path = FtpPath.Parse("/" + first);
        FtpPath other = FtpPath.Parse("/" + second);
        return path.IsWithin(other) == path.Components.Take(other.Components.Count()).SequenceEqual(other.Components);
    });

    [Fact]
    public void Equality_is_that_of_the_text() => Gen.Select(Pathname, Pathname).Sample((first, second) =>
    {
        FtpPath path = FtpPath.Parse("/" + first);
        FtpPath other = FtpPath.Parse("/" + second);
        bool same = path.Text == other.Text;
        return path == other == same && path.Equals((object)other) == same && path != other != same && (!same || path.GetHashCode() == other.GetHashCode());
    });

    [Theory]
    [InlineData("/docs", "/../..", "/")]
    [InlineData("/docs", "../../..", "/")]
    [InlineData("/docs", "//docs///a.txt", "/docs/a.txt")]
    [InlineData("/docs", "sp ace.txt ", "/docs/sp ace.txt ")]
    [InlineData("/docs", ".", "/docs")]
    [InlineData("/", "docs/", "/docs")]
    [InlineData("/", @"a\b", @"/a\b")]
    [InlineData("/a/b", "../../c", "/c")]
    public void Pathnames_resolve(string directory, string pathname, string expected)
    {
        Assert.True(FtpPath.Parse(directory).TryResolve(pathname, out FtpPath path));
        Assert.Equal(expected, path.Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\0b")]
    public void Empty_pathnames_and_nul_are_refused(string pathname)
    {
        Assert.False(FtpPath.Root.TryResolve(pathname, out FtpPath path));
        Assert.True(path.IsRoot);
    }

    [Theory]
    [InlineData("a/", true)]
    [InlineData("a/.", true)]
    [InlineData("a/..", true)]
    [InlineData("..", true)]
    [InlineData("/", true)]
    [InlineData("", false)]
    [InlineData("a", false)]
    [InlineData("a/b.", false)]
    [InlineData("...", false)]
    public void A_trailing_slash_or_dot_means_a_directory(string pathname, bool expected) => Assert.Equal(expected, FtpPath.MeansDirectory(pathname));

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("a\0")]
    public void Only_plain_names_are_appended(string name) => Assert.Throws<ArgumentException>(() => FtpPath.Root.Append(name));

    private static string SlowResolve(string directory, string pathname)
    {
        Stack<string> parts = new();
        string whole = pathname.StartsWith('/') ? pathname : directory + "/" + pathname;
        foreach (string part in whole.Split('/'))
        {
            if (part == ".." && parts.Count > 0)
                parts.Pop();
            else if (part is not ("" or "." or ".."))
                parts.Push(part);
        }
        return "/" + string.Join('/', parts.Reverse());
    }
}
