using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using ZeroFtp.Protocol.Data;
using ZeroFtp.Protocol.Options;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Protocol.Data;

public sealed class ProxyHeaderTests
{
    private static readonly byte[] Signature = [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A];

    [Theory]
    [InlineData("PROXY TCP4 192.0.2.7 192.0.2.1 56324 21\r\n", "192.0.2.7:56324")]
    [InlineData("PROXY TCP6 2001:db8::7 2001:db8::1 56324 21\r\n", "[2001:db8::7]:56324")]
    [InlineData("PROXY TCP6 2001:db8::192.0.2.202 2001:db8::192.0.2.2 1024 21\r\n", "[2001:db8::c000:2ca]:1024")]
    [InlineData("PROXY UNKNOWN\r\n", null)]
    [InlineData("PROXY UNKNOWN ffff:f...f:ffff 1 2 3\r\n", null)]
    public async Task Reads_version_1(string header, string? source) => await ReadsAsync(Encoding.ASCII.GetBytes(header), source);

    [Theory]
    [InlineData("PROXY TCP4 192.0.2.7 192.0.2.1 56324\r\n")]
    [InlineData("PROXY TCP4 2001:db8::7 192.0.2.1 56324 21\r\n")]
    [InlineData("PROXY TCP4 192.0.2.7 192.0.2.1 65536 21\r\n")]
    [InlineData("PROXY TCP4 192.0.2.7 192.0.2.1 -1 21\r\n")]
    [InlineData("PROXY UDP4 192.0.2.7 192.0.2.1 1 21\r\n")]
    [InlineData("PROXY TCP4 192.0.2 192.0.2.1 1 21\r\n")]
    [InlineData("PROXY TCP4 0300.0.2.7 192.0.2.1 1 21\r\n")]
    [InlineData("PROXY TCP6 2001:db8::192.0.2.02 2001:db8::1 1 21\r\n")]
    [InlineData("PROXY TCP6 fe80::7%1 fe80::1 1 21\r\n")]
    [InlineData("PROXY TCP4 192.0.2.7 192.0.2.1 1\0 21\r\n")]
    [InlineData("USER alice\r\n")]
    [InlineData("PROXY TCP4 192.0.2.7 192.0.2.1 56324 21 and then something that makes the whole line much longer than the 107 bytes\r\n")]
    public void Refuses_what_is_no_header(string bytes) => Assert.Equal(-1, ProxyHeader.Parse(Encoding.ASCII.GetBytes(bytes), out _));

    [Fact]
    public async Task Reads_version_2()
    {
        await ReadsAsync(Binary(0x21, 0x11, [192, 0, 2, 7, 192, 0, 2, 1, 0xDC, 0x04, 0, 21]), "192.0.2.7:56324");
        await ReadsAsync(Binary(0x21, 0x11, [192, 0, 2, 7, 192, 0, 2, 1, 0xDC, 0x04, 0, 21, 4, 0, 1, 0]), "192.0.2.7:56324");
        byte[] six = new byte[36];
        IPAddress.Parse("2001:db8::7").GetAddressBytes().CopyTo(six, 0);
        six[32] = 0xDC;
        six[33] = 0x04;
        await ReadsAsync(Binary(0x21, 0x21, six), "[2001:db8::7]:56324");
        await ReadsAsync(Binary(0x20, 0x00, []), null);
    }

    [Fact]
    public void Refuses_what_is_no_version_2()
    {
        Assert.Equal(-1, ProxyHeader.Parse(Binary(0x11, 0x11, new byte[12]), out _));
        Assert.Equal(-1, ProxyHeader.Parse(Binary(0x21, 0x11, new byte[11]), out _));
        Assert.Equal(-1, ProxyHeader.Parse(Binary(0x22, 0x11, new byte[12]), out _));
        Assert.Equal(-1, ProxyHeader.Parse(Binary(0x21, 0x31, new byte[216]), out _));
        Assert.Equal(-1, ProxyHeader.Parse([.. Signature, 0x21, 0x11, 0xFF, 0xFF], out _));
    }

    /// <summary>Whatever comes: no exception, no more bytes used than there are, and no other answer when more follows.</summary>
    [Fact]
    public void Is_sound_for_any_octets() => Gen.Select(
        Gen.OneOf(Gen.Const(Array.Empty<byte>()), Gen.Const("PROXY TCP4 1.2.3.4 5.6.7.8 "u8.ToArray()), Gen.Const("PROXY "u8.ToArray()), Gen.Const(Signature)),
        Gen.OneOf(Gen.Byte, Gen.OneOf<byte>((byte)'1', (byte)' ', 13, 10, 0x21, 0x11, 0, 12)).Array[0, 60]).Sample(static (head, tail) =>
    {
        byte[] bytes = [.. head, .. tail];
        int used = ProxyHeader.Parse(bytes, out ProxyHeader? header);
        Assert.InRange(used, -1, bytes.Length);
        Assert.Equal(used > 0, header is not null);
        if (used != 0)
            Assert.Equal(used, ProxyHeader.Parse([.. bytes, .. "NOOP\r\n"u8], out _));
        for (int i = 0; i < bytes.Length && used > 0; i++)
            Assert.Equal(i < used ? 0 : used, ProxyHeader.Parse(bytes.AsSpan(0, i), out _));
    });

    [Fact]
    public async Task Gives_up_in_time()
    {
        FakeTimeProvider clock = new();
        Pipe pipe = new();
        Task<ProxyHeader?> reading = ProxyHeader.ReadAsync(pipe.Reader, TimeSpan.FromSeconds(10), clock).AsTask();
        await pipe.Writer.WriteAsync("PROXY TCP4"u8.ToArray(), TestContext.Current.CancellationToken);
        clock.Advance(TimeSpan.FromSeconds(9));
        Assert.False(reading.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Null(await reading.WithinAsync("it gives up"));
    }

    [Theory]
    [InlineData("10.1.2.3", true)]
    [InlineData("::ffff:10.1.2.3", true)]
    [InlineData("11.1.2.3", false)]
    [InlineData("::1", false)]
    public void Is_expected_from_trusted_networks_only(string peer, bool expected)
    {
        FtpProxyOptions options = new() { TrustedNetworks = [IPNetwork.Parse("10.0.0.0/8")] };
        Assert.Equal(expected, ProxyHeader.IsExpectedFrom(IPAddress.Parse(peer), options));
        Assert.False(ProxyHeader.IsExpectedFrom(IPAddress.Parse(peer), new FtpProxyOptions()));
    }

    private static byte[] Binary(byte command, byte family, byte[] body)
    {
        byte[] header = [.. Signature, command, family, 0, 0, .. body];
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(14), (ushort)body.Length);
        return header;
    }

    /// <summary>The header is read byte by byte, and what follows is left.</summary>
    private static async Task ReadsAsync(byte[] header, string? source)
    {
        Pipe pipe = new(new PipeOptions(readerScheduler: PipeScheduler.Inline));
        Task<ProxyHeader?> reading = ProxyHeader.ReadAsync(pipe.Reader, TimeSpan.FromSeconds(10), TimeProvider.System).AsTask();
        foreach (byte value in header)
            await pipe.Writer.WriteAsync(new[] { value });
        await pipe.Writer.WriteAsync("NOOP"u8.ToArray());
        ProxyHeader? read = await reading.WithinAsync("the header is read");
        Assert.NotNull(read);
        Assert.Equal(source, read.Source?.ToString());
        ReadResult rest = await pipe.Reader.ReadAsync().AsTask().WithinAsync("what follows the header");
        Assert.Equal("NOOP", Encoding.ASCII.GetString(rest.Buffer));
    }
}
