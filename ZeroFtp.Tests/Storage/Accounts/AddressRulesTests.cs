using System.Net;
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
    public void What_is_no_network_is_refused(string text) => Assert.False(AddressRules.TryParse(text, out _));

    [Fact]
    public void No_rule_allows_all_and_any_rule_bars_clients_without_an_address()
    {
        Assert.True(AddressRules.Allows([], null));
        Assert.False(AddressRules.Allows(["0.0.0.0/0", "::/0"], null));
        Assert.True(AddressRules.Allows(["198.51.100.1", "::/0"], new IPEndPoint(IPAddress.IPv6Loopback, 1)));
    }
}
