using CsCheck;
using ZeroFtp.Host.Configuration;

namespace ZeroFtp.Tests.Host.Configuration;

public sealed class ValueTests
{
    [Theory]
    [InlineData("90", 90_000)]
    [InlineData("90s", 90_000)]
    [InlineData("1.5m", 90_000)]
    [InlineData("500ms", 500)]
    [InlineData("2 h", 7_200_000)]
    [InlineData("1d", 86_400_000)]
    [InlineData("00:01:30", 90_000)]
    public void Durations_are_read(string text, long milliseconds)
    {
        Assert.True(Duration.TryParse(text, out TimeSpan value, out _));
        Assert.Equal(milliseconds, value.TotalMilliseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("-5s")]
    [InlineData("-00:00:05")]
    [InlineData("5 weeks")]
    [InlineData("1e9")]
    [InlineData("99999999999999d")]
    public void What_is_no_duration_is_refused(string text) => Assert.False(Duration.TryParse(text, out _, out _));

    [Fact]
    public void A_duration_comes_back_as_it_was_written() =>
        Gen.Int[0, 100_000_000].Sample(milliseconds =>
            Duration.TryParse(Duration.Format(TimeSpan.FromMilliseconds(milliseconds)), out TimeSpan back, out _) && back.TotalMilliseconds == milliseconds);

    [Theory]
    [InlineData("0", 0)]
    [InlineData("65536", 65536)]
    [InlineData("64KiB", 65536)]
    [InlineData("1.5 MiB", 1572864)]
    [InlineData("10mb", 10_000_000)]
    [InlineData("1TiB", 1L << 40)]
    [InlineData("9223372036854775807", long.MaxValue)]
    public void Sizes_are_read(string text, long bytes)
    {
        Assert.True(ByteSize.TryParse(text, out long value, out _));
        Assert.Equal(bytes, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("KiB")]
    [InlineData("-1")]
    [InlineData("9223372036854775808")]
    [InlineData("8388608TiB")]
    [InlineData("5 parsecs")]
    public void What_is_no_size_is_refused(string text) => Assert.False(ByteSize.TryParse(text, out _, out _));

    [Fact]
    public void A_size_comes_back_as_it_was_written() =>
        Gen.Long[0, long.MaxValue].Select(Gen.Int[0, 40], (number, shift) => number >> shift << shift)
            .Sample(bytes => ByteSize.TryParse(ByteSize.Format(bytes), out long back, out _) && back == bytes);

    [Theory]
    [InlineData("127.0.0.1:2121", "127.0.0.1:2121")]
    [InlineData("[::1]:21", "[::1]:21")]
    [InlineData("localhost:21", "127.0.0.1:21")]
    [InlineData("*:0", "*:0")]
    [InlineData(":990", "*:990")]
    public void Addresses_are_read(string text, string shown)
    {
        Assert.True(EndPoints.TryParse(text, out System.Net.IPEndPoint? value, out _));
        Assert.Equal(shown, EndPoints.Format(value));
    }

    [Theory]
    [InlineData("")]
    [InlineData("2121")]
    [InlineData("::1:21")]
    [InlineData("1:21")]
    [InlineData("127.0.0.1:65536")]
    [InlineData("127.0.0.1:-1")]
    [InlineData("[127.0.0.1]:21")]
    [InlineData("ftp.example.org:21")]
    public void What_is_no_address_is_refused(string text) => Assert.False(EndPoints.TryParse(text, out _, out _));

    [Theory]
    [InlineData("50000-50010", 50000, 50010)]
    [InlineData("50000", 50000, 50000)]
    [InlineData("0-0", 0, 0)]
    public void Port_ranges_are_read(string text, int first, int last)
    {
        Assert.True(PortRange.TryParse(text, out PortRange value, out _));
        Assert.Equal(new PortRange(first, last), value);
    }

    [Theory]
    [InlineData("2-1")]
    [InlineData("0-10")]
    [InlineData("1-65536")]
    [InlineData("1-2-3")]
    [InlineData("a-b")]
    public void What_is_no_port_range_is_refused(string text) => Assert.False(PortRange.TryParse(text, out _, out _));
}
