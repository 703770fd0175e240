using System.Net;
using ZeroFtp.Host.Configuration;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Accounts;

namespace ZeroFtp.Tests.Storage.Accounts;

public sealed class AddressRulesTests
{
    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("192.0.2.0/24", "192.0.2.255", true)]
    [InlineData("192.0.2.77/24", "192.0.2.1", true)]
    [InlineData("192.0.2.0/24", "192.0.3.0", false)]
    [InlineData("192.0.2.0/25", "192.0.2.128", false)]
    [InlineData("192.0.2.0/24", "::ffff:192.0.2.9", true)]
    [InlineData("0.0.0.0/0", "203.0.113.5", true)]
    [InlineData("0.0.0.0/0", "2001:db8::1", false)]
    [InlineData("2001:db8::/32", "2001:db8:ffff::1", true)]
    [InlineData("2001:db8::/33", "2001:db8:8000::1", false)]
    public void A_network_holds_its_addresses(string network, string address, bool holds) =>
        Assert.Equal(holds, AddressRules.Allows([network], new IPEndPoint(IPAddress.Parse(address), 1)));

    [Theory]
    [InlineData("")]
    [InlineData("192.0.2.0/33")]
    [InlineData("192.0.2.0/-1")]
    [InlineData("192.0.2.0/")]
    [InlineData("/24")]
    [InlineData("example.org")]
    [InlineData("2001:db8::/129")]
    [InlineData("10.0.0")]
    [InlineData("127.0.0/8")]
    [InlineData("10")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("010.0.0.1")]
    [InlineData("1.2.3.4.5")]
    [InlineData("256.0.0.1")]
    [InlineData(" 10.0.0.1")]
    [InlineData("[::1]")]
    [InlineData("fe80::1%1")]
    [InlineData("::ffff:10.0.0")]
    [InlineData("::ffff:010.0.0.1")]
    [InlineData("1:2")]
    public void What_is_no_network_is_refused(string text)
    {
        Assert.False(AddressText.TryParseNetwork(text, out _));
        Assert.NotEmpty(AccountFaults.Find(new Account { Name = "a", AllowedAddresses = [text] }));
        // To listen, nothing means every address, and brackets enclose an IPv6 one.
        Assert.Equal(text is "" or "[::1]", EndPoints.TryParse(text + ":21", out _, out _));
    }

    [Theory]
    [InlineData("::ffff:10.0.0.0/104", "10.0.0.0/8")]
    [InlineData("::ffff:10.1.2.3", "10.1.2.3/32")]
    [InlineData("10.1.2.3/8", "10.0.0.0/8")]
    [InlineData("2001:DB8::1/33", "2001:db8::/33")]
    public void A_network_is_read_as_what_it_means(string text, string network)
    {
        Assert.True(AddressText.TryParseNetwork(text, out IPNetwork read));
        Assert.Equal(network, read.ToString());
    }

    [Fact]
    public void No_rule_allows_all_and_any_rule_bars_clients_without_an_address()
    {
        Assert.True(AddressRules.Allows([], null));
        Assert.False(AddressRules.Allows(["0.0.0.0/0", "::/0"], null));
        Assert.True(AddressRules.Allows(["198.51.100.1", "::/0"], new IPEndPoint(IPAddress.IPv6Loopback, 1)));
    }
}
