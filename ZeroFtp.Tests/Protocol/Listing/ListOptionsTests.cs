using ZeroFtp.Protocol.Listing;

namespace ZeroFtp.Tests.Protocol.Listing;

public sealed class ListOptionsTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("docs", "docs")]
    [InlineData("-a docs", "docs")]
    [InlineData("-l -a docs", "docs")]
    [InlineData("-a sp ace.txt", "sp ace.txt")]
    [InlineData("-a  lead", " lead")]
    [InlineData(" -a", " -a")]
    [InlineData("-a ", "")]
    [InlineData("-Z docs", "docs")]
    [InlineData("-- -l", "-l")]
    [InlineData("-a -- -l", "-l")]
    [InlineData("--", "")]
    [InlineData("--all docs", "docs")]
    [InlineData("-", "")]
    [InlineData("./-l", "./-l")]
    public void The_pathname_is_what_follows_the_options(string argument, string pathname)
    {
        ListOptions.Parse(argument, out ReadOnlySpan<char> rest);
        Assert.Equal(pathname, rest.ToString());
    }

    [Fact]
    public void Letters_are_read()
    {
        Assert.Equal(default, ListOptions.Parse("--all -hZ x", out _));
        Assert.Equal(new ListOptions { IsAll = true, IsLong = true, IsRecursive = true }, ListOptions.Parse("-laR", out _));
        Assert.Equal(new ListOptions { IsAlmostAll = true, IsDirectoryItself = true, IsClassified = true, FollowsLinks = true }, ListOptions.Parse("-A -dF -L", out _));
        Assert.Equal(new ListOptions { Order = ListOrder.Time, IsReversed = true }, ListOptions.Parse("-tr", out _));
        Assert.Equal(new ListOptions { Order = ListOrder.Size }, ListOptions.Parse("-tS", out _));
        Assert.Equal(new ListOptions { IsNumeric = true, IsLong = true }, ListOptions.Parse("-n", out _));
        Assert.Equal(new ListOptions { IsLong = false }, ListOptions.Parse("-l -1", out _));
        Assert.Equal(new ListOptions { IsLong = true }, ListOptions.Parse("-1l", out _));
    }
}
