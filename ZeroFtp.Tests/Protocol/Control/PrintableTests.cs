using CsCheck;
using ZeroFtp.Protocol.Control;

namespace ZeroFtp.Tests.Protocol.Control;

public sealed class PrintableTests
{
    [Theory]
    [InlineData("plain ünï 漢字", "plain ünï 漢字")]
    [InlineData("a\r\nb\tc\0d\u007f\u0085e", "a??b?c?d??e")]
    [InlineData("a\u2028b\u202Ec\u2066d", "a?b?c?d")]
    public void Replaces_what_could_deceive(string text, string shown) => Assert.Equal(shown, Printable.Text(text));

    [Fact]
    public void Is_never_long_nor_more_than_one_line() => Gen.String[0, 3000].Sample(static text =>
    {
        string shown = Printable.Text(text);
        Assert.InRange(shown.Length, 0, 1027);
        Assert.DoesNotContain(shown, char.IsControl);
    });
}
