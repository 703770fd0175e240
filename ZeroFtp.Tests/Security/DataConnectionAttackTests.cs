using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ZeroFtp.Protocol.Data;
using ZeroFtp.Protocol.Options;
using ZeroFtp.Tests.Protocol.Driver;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Security;

/// <summary>Data connections that go to, or come from, somebody else (RFC 2577).</summary>
public sealed class DataConnectionAttackTests
{
    private static readonly IPAddress Stranger = IPAddress.Parse("198.51.100.66");
    private static readonly IPEndPoint LocalV6 = new(IPAddress.Parse("2001:db8::1"), 21);

    [Theory]
    [InlineData("PORT 198,51,100,66,156,65")]
    [InlineData("PORT 127,0,0,1,156,65")]
    [InlineData("PORT 0,0,0,0,156,65")]
    [InlineData("PORT 192,0,2,1,156,65")]
    [InlineData("PORT 255,255,255,255,156,65")]
    [InlineData("PORT 169,254,169,254,31,144")]
    [InlineData("PORT 192,0,2,7,0,25")]
    [InlineData("PORT 192,0,2,7,0,0")]
    [InlineData("PORT 192,0,2,7,3,255")]
    [InlineData("EPRT |1|198.51.100.66|40001|")]
    [InlineData("EPRT |1|127.0.0.1|40001|")]
    [InlineData("EPRT |1|127.1|40001|")]
    [InlineData("EPRT |1|2130706433|40001|")]
    [InlineData("EPRT |1|192.0.2.7|22|")]
    [InlineData("EPRT |2|::1|40001|")]
    [InlineData("EPRT |2|::ffff:127.0.0.1|40001|")]
    [InlineData("EPRT |2|::ffff:192.0.2.7|40001|")]
    public async Task A_bounce_is_refused_and_no_connection_made(string command)
    {
        await using MemoryServer server = MemoryServer.Create();
        server.Data.Open(40_001);
        MemoryClient client = await server.LoginAsync();
        Assert.StartsWith("5", await client.SendAsync(command), StringComparison.Ordinal);
        await client.SendAsync("RETR docs/a.txt", 425);
        Assert.Null(server.Data.LastSource);
    }

    [Theory]
    [InlineData("EPRT |2|2001:db8::66|40001|")]
    [InlineData("EPRT |2|::1|40001|")]
    [InlineData("EPRT |2|::|40001|")]
    [InlineData("EPRT |2|::ffff:127.0.0.1|40001|")]
    [InlineData("EPRT |2|::ffff:7f00:1|40001|")]
    [InlineData("EPRT |2|::ffff:192.0.2.7|40001|")]
    [InlineData("EPRT |2|::127.0.0.1|40001|")]
    [InlineData("EPRT |2|64:ff9b::7f00:1|40001|")]
    [InlineData("EPRT |2|fe80::1%1|40001|")]
    [InlineData("EPRT |1|127.0.0.1|40001|")]
    [InlineData("PORT 127,0,0,1,156,65")]
    public async Task A_bounce_over_IPv6_is_refused_mapped_addresses_included(string command)
    {
        await using MemoryServer server = MemoryServer.Create();
        server.Data.Open(40_001);
        MemoryClient client = server.Connect(IPAddress.Parse("2001:db8::7"), local: LocalV6);
        await client.ExpectAsync(220);
        await client.LoginAsync();
        Assert.StartsWith("5", await client.SendAsync(command), StringComparison.Ordinal);
        await client.SendAsync("RETR docs/a.txt", 425);
        Assert.Null(server.Data.LastSource);
    }

    /// <summary>Where transfers between servers are allowed, they are still none to the server itself.</summary>
    [Theory]
    [InlineData("PORT 127,0,0,1,156,65")]
    [InlineData("PORT 127,8,8,8,156,65")]
    [InlineData("PORT 0,0,0,0,156,65")]
    [InlineData("PORT 255,255,255,255,156,65")]
    [InlineData("PORT 224,0,0,1,156,65")]
    [InlineData("PORT 192,0,2,1,156,65")]
    [InlineData("PORT 198,51,100,66,0,25")]
    [InlineData("EPRT |1|127.0.0.1|40001|")]
    public async Task Allowing_transfers_between_servers_opens_no_way_into_this_one(string command)
    {
        await using MemoryServer server = MemoryServer.Create(new FtpServerOptions { Data = new FtpDataOptions { AllowFxp = true } });
        MemoryClient client = await server.LoginAsync();
        await client.SendAsync("PORT 198,51,100,66,156,65", 200);
        Assert.StartsWith("504", await client.SendAsync(command), StringComparison.Ordinal);
    }

    /// <summary>A client on the host itself may try it out there.</summary>
    [Fact]
    public async Task A_client_on_this_host_may_name_its_other_addresses_where_transfers_between_servers_are_allowed()
    {
        await using MemoryServer server = MemoryServer.Create(new FtpServerOptions { Data = new FtpDataOptions { AllowFxp = true } });
        MemoryClient client = await server.LoginAsync(from: IPAddress.Loopback);
        await client.SendAsync("PORT 127,0,0,2,156,65", 200);
        await client.SendAsync("PORT 127,0,0,2,0,25", 504);
    }

    /// <summary>A client without an address has none of its own to connect to.</summary>
    [Fact]
    public async Task A_client_whose_address_is_unknown_cannot_have_connections_made()
    {
        await using MemoryServer server = MemoryServer.Create();
        DuplexPipePair pair = new();
        Task serving = Task.Run(() => server.Ftp.ServeOverAsync(pair.Server, null, null, implicitTls: false, server.Data), TestContext.Current.CancellationToken);
        await using (MemoryClient client = new(server, new DuplexStream(pair.Client), IPAddress.None))
        {
            await client.ExpectAsync(220);
            await client.LoginAsync();
            Assert.StartsWith("504", await client.SendAsync("PORT 10,0,0,1,156,65"), StringComparison.Ordinal);
        }
        await serving.WaitAsync(MemoryServer.Patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_stranger_on_a_passive_port_steals_no_download_and_does_not_end_it()
    {
        await using MemoryServer server = MemoryServer.Create();
        MemoryClient client = await server.LoginAsync();
        int port = await PassiveAsync(client);
        DataEnd stranger = new(server.Data.Dial(port, Stranger), protect: false);
        await client.SendAsync("RETR docs/a.txt", 150);
        DataEnd second = new(server.Data.Dial(port, Stranger), protect: false);
        Assert.Equal("", await stranger.ReadToEndAsync());
        Assert.Equal("", await second.ReadToEndAsync());
        Assert.False(client.HasUnread);
        DataEnd own = new(server.Data.Dial(port, client.Address), protect: false);
        Assert.Equal("hello\nworld\n", await own.ReadToEndAsync());
        await client.ExpectAsync(226);
    }

    [Fact]
    public async Task A_stranger_on_a_passive_port_injects_no_upload()
    {
        await using MemoryServer server = MemoryServer.Create();
        MemoryClient client = await server.LoginAsync();
        int port = await PassiveAsync(client);
        DuplexStream stranger = server.Data.Dial(port, Stranger);
        await client.SendAsync("STOR up/x", 150);
        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            while (true)
                await stranger.WriteAsync("forged"u8.ToArray(), TestContext.Current.CancellationToken);
        });
        DataEnd own = new(server.Data.Dial(port, client.Address), protect: false);
        await own.SendAsync("mine");
        await client.ExpectAsync(226);
        Assert.Equal("mine", server.Tree.ReadText("/up/x"));
    }

    /// <summary>A passive port serves one transfer: what comes to it later finds it closed.</summary>
    [Fact]
    public async Task A_passive_port_is_closed_once_its_client_has_come()
    {
        await using MemoryServer server = MemoryServer.Create();
        MemoryClient client = await server.LoginAsync();
        int port = await PassiveAsync(client);
        DataEnd own = new(server.Data.Dial(port, client.Address), protect: false);
        Assert.Throws<SocketException>(() => server.Data.Dial(port, client.Address));
        await client.SendAsync("RETR docs/a.txt", 150);
        Assert.Equal("hello\nworld\n", await own.ReadToEndAsync());
        await client.ExpectAsync(226);
        await client.SendAsync("RETR docs/a.txt", 425);
    }

    [Theory]
    [InlineData("PASV")]
    [InlineData("EPSV")]
    [InlineData("PORT 192,0,2,7,156,65")]
    [InlineData("EPRT |1|192.0.2.7|40001|")]
    public async Task Required_TLS_on_data_holds_however_the_connection_is_arranged(string arrange)
    {
        await using MemoryServer server = MemoryServer.Create(new FtpServerOptions { Tls = new FtpTlsOptions { RequireOnData = true } });
        server.Data.Open(40_001);
        MemoryClient client = await server.LoginAsync();
        foreach (string transfer in new[] { "RETR docs/a.txt", "STOR up/x", "APPE up/x", "STOU", "LIST", "NLST", "MLSD" })
        {
            await client.SendAsync(arrange);
            Assert.StartsWith("522", await client.SendAsync(transfer), StringComparison.Ordinal);
        }
        Assert.Null(server.Tree.ReadFile("/up/x"));
        Assert.Null(server.Data.LastSource);
    }

    [Fact]
    public async Task EPSV_ALL_is_answered_and_closes_the_other_ways()
    {
        await using MemoryServer server = MemoryServer.Create();
        MemoryClient client = await server.LoginAsync();
        await client.SendAsync("EPSV ALL", 200);
        foreach (string command in new[] { "PASV", "PORT 192,0,2,7,156,65", "EPRT |1|192.0.2.7|40001|" })
            await client.SendAsync(command, 501);
        await client.SendAsync("EPSV", 229);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public void A_range_of_passive_ports_serves_both_families(string address)
    {
        IPAddress local = IPAddress.Parse(address);
        Assert.SkipUnless(local.AddressFamily == AddressFamily.InterNetwork || Socket.OSSupportsIPv6, "There is no IPv6 here.");
        int free;
        using (Socket probe = new(local.AddressFamily, SocketType.Stream, ProtocolType.Tcp))
        {
            probe.Bind(new IPEndPoint(local, 0));
            free = ((IPEndPoint)probe.LocalEndPoint!).Port;
        }
        SocketDataTransport transport = new(new FtpDataOptions { PassivePorts = new FtpPortRange(free, Math.Min(65_535, free + 20)) }, TimeSpan.Zero);
        using IPassivePort port = transport.Listen(local)!;
        Assert.NotNull(port);
        Assert.InRange(port.Port, free, free + 20);
        using Socket client = new(local.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(new IPEndPoint(local, port.Port));
        Assert.True(client.Connected);
    }

    /// <summary>A balancer in front of the passive ports tells whose connection it is; the header decides, not the balancer's own address.</summary>
    [Fact]
    public async Task Behind_a_balancer_the_header_says_whose_data_connection_it_is()
    {
        IPAddress balancer = IPAddress.Parse("10.0.0.5");
        await using MemoryServer server = MemoryServer.Create(new FtpServerOptions { Proxy = new FtpProxyOptions { TrustedNetworks = [IPNetwork.Parse("10.0.0.0/8")], OnDataConnections = true } });
        MemoryClient client = await server.LoginAsync();
        int port = await PassiveAsync(client);
        DataEnd stranger = new(server.Data.Dial(port, balancer), protect: false), broken = new(server.Data.Dial(port, balancer), protect: false), direct = new(server.Data.Dial(port, Stranger), protect: false);
        await stranger.WriteAsync($"PROXY TCP4 {Stranger} 192.0.2.1 1024 {port}\r\n");
        await broken.WriteAsync("GET / HTTP/1.1\r\n");
        Assert.Equal("", await stranger.ReadToEndAsync());
        Assert.Equal("", await broken.ReadToEndAsync());
        Assert.Equal("", await direct.ReadToEndAsync());
        DataEnd own = new(server.Data.Dial(port, balancer), protect: false);
        await own.WriteAsync($"PROXY TCP4 {client.Address} 192.0.2.1 1024 {port}\r\n");
        await own.WriteAsync("what follows the header");
        await client.SendAsync("STOR up/x", 150);
        await own.CloseAsync();
        await client.ExpectAsync(226);
        Assert.Equal("what follows the header", server.Tree.ReadText("/up/x"));
    }

    private static async Task<int> PassiveAsync(MemoryClient client) => int.Parse((await client.SendAsync("EPSV", 229)).Split('|')[3], CultureInfo.InvariantCulture);
}
