using System.Globalization;
using System.Security.Authentication;
using ZeroFtp.Protocol.Options;
using ZeroFtp.Tests.Protocol.Driver;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Protocol.Security;

/// <summary>RequireDataResumption: a data connection that did not resume a TLS session of its control connection is refused (RFC 4217 section 15.1.2).</summary>
public sealed class DataResumptionTests
{
    private static readonly FtpServerOptions Strict = new() { Tls = new FtpTlsOptions { RequireDataResumption = true } };

    public static TheoryData<SslProtocols> Versions => [SslProtocols.Tls12, SslProtocols.Tls13];

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_resumed_data_connection_transfers(SslProtocols version)
    {
        await using MemoryServer server = MemoryServer.Create(Strict);
        MemoryClient client = await SecureAsync(server, version, "resumed.test");
        // A ticket of TLS 1.3 serves once, and the client gets its next one by reading: so the upload, in which it reads nothing, comes last.
        for (int i = 0; i < 3; i++)
        {
            DataEnd download = await DialAsync(client, version, "resumed.test");
            await client.SendAsync("RETR bin.dat", 150);
            Assert.Equal(256, (await download.ReadToEndAsync()).Length);
            await client.ExpectAsync(226);
        }
        DataEnd upload = await DialAsync(client, version, "resumed.test");
        await client.SendAsync("STOR up/x", 150);
        await upload.SendAsync("hello");
        await client.ExpectAsync(226);
        Assert.Equal("hello", server.Tree.ReadText("/up/x"));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task One_that_did_not_resume_is_refused_and_nothing_is_stored(SslProtocols version)
    {
        await using MemoryServer server = MemoryServer.Create(Strict);
        MemoryClient client = await SecureAsync(server, version, "fresh.test");
        DataEnd upload = await DialAsync(client, version, "fresh.test", resume: false);
        await client.SendAsync("STOR up/x", 150);
        Assert.Equal("522 TLS session of the control connection must be reused.", await client.ReadReplyAsync());
        Assert.Null(server.Tree.ReadFile("/up/x"));
        DataEnd download = await DialAsync(client, version, "fresh.test", resume: false);
        await client.SendAsync("RETR bin.dat", 150);
        Assert.Equal("522 TLS session of the control connection must be reused.", await client.ReadReplyAsync());
        Assert.True(upload.WasReset);
        Assert.True(download.WasReset);
    }

    /// <summary>On TLS 1.2 the session must be one of this control connection. (On 1.3 tickets are encrypted, and any of this server's passes.)</summary>
    [Fact]
    public async Task A_session_of_somebody_else_does_not_count()
    {
        await using MemoryServer server = MemoryServer.Create(Strict);
        _ = await SecureAsync(server, SslProtocols.Tls12, "theirs.test");
        MemoryClient mine = await SecureAsync(server, SslProtocols.Tls12, "mine.test");
        _ = await DialAsync(mine, SslProtocols.Tls12, "theirs.test");
        await mine.SendAsync("RETR bin.dat", 150);
        Assert.Equal("522 TLS session of the control connection must be reused.", await mine.ReadReplyAsync());
        DataEnd own = await DialAsync(mine, SslProtocols.Tls12, "mine.test");
        await mine.SendAsync("RETR bin.dat", 150);
        Assert.Equal(256, (await own.ReadToEndAsync()).Length);
        await mine.ExpectAsync(226);
    }

    [Fact]
    public async Task A_data_connection_without_a_handshake_is_given_up()
    {
        await using MemoryServer server = MemoryServer.Create();
        MemoryClient client = await SecureAsync(server, SslProtocols.Tls13, "mute.test");
        client.ProtectsData = false;
        _ = await DataEnd.OpenAsync(client);
        await client.SendAsync("RETR bin.dat", 150);
        await server.AdvanceAsync(TimeSpan.FromSeconds(31));
        Assert.Equal("522 TLS negotiation failed on the data connection.", await client.ReadReplyAsync());
    }

    private static async Task<MemoryClient> SecureAsync(MemoryServer server, SslProtocols version, string host)
    {
        // The server's name tells the sessions in the client's cache apart.
        string name = $"{version}-{host}".ToLowerInvariant();
        MemoryClient client = server.Connect();
        await client.ExpectAsync(220);
        await client.AuthTlsAsync(version, protectData: true, name);
        await client.LoginAsync();
        return client;
    }

    private static async Task<DataEnd> DialAsync(MemoryClient client, SslProtocols version, string host, bool resume = true)
    {
        string reply = await client.SendAsync("EPSV", 229);
        int port = int.Parse(reply.Split('|')[3], CultureInfo.InvariantCulture);
        return new DataEnd(client.Server.Data.Dial(port, client.Address), protect: true, version, $"{version}-{host}".ToLowerInvariant(), resume);
    }
}
