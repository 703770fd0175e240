using System.Globalization;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using ZeroFtp.Protocol.Options;
using ZeroFtp.Tests.Protocol.Driver;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Security;

/// <summary>What TLS is to keep: whose data connection it is, and where a file ends.</summary>
public sealed class TlsAttackTests
{
    public static TheoryData<SslProtocols> Versions => [SslProtocols.Tls12, SslProtocols.Tls13];

    /// <summary>An upload under TLS whose end could be forged by cutting the connection is kept from being published where that is asked for.</summary>
    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_cut_upload_is_not_taken_for_a_whole_one(SslProtocols version)
    {
        await using MemoryServer server = MemoryServer.Create(new FtpServerOptions { Tls = new FtpTlsOptions { RequireCloseNotify = true } });
        MemoryClient client = await SecureAsync(server, version, null);
        foreach (bool whole in new[] { false, true })
        {
            DataEnd data = new(server.Data.Dial(await PassiveAsync(client), client.Address), protect: true, version);
            await client.SendAsync("STOR docs/a.txt", 150);
            await data.WriteAsync("the first half");
            if (whole)
                await data.CloseAsync();
            else
                await data.Transport.DisposeAsync();
            await client.ExpectAsync(whole ? 226 : 426);
            Assert.Equal(whole ? "the first half" : "hello\nworld\n", server.Tree.ReadText("/docs/a.txt"));
        }
    }

    /// <summary>A download that breaks off lacks close_notify, so that a client can tell.</summary>
    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_download_ends_in_close_notify_exactly_if_it_is_whole(SslProtocols version)
    {
        await using MemoryServer server = MemoryServer.Create();
        MemoryClient client = await SecureAsync(server, version, null);
        DuplexStream whole = server.Data.Dial(await PassiveAsync(client), client.Address);
        Task<bool> reading = Task.Run(() => EndsInCloseNotifyAsync(new TapStream(whole), version), TestContext.Current.CancellationToken);
        await client.SendAsync("RETR docs/a.txt", 150);
        Assert.True(await reading);
        await whole.DisposeAsync();
        await client.ExpectAsync(226);

        DuplexStream broken = server.Data.Dial(await PassiveAsync(client), client.Address);
        // Bytes may be here before the write of RETR has returned, and a TLS stream takes one write at a time.
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        async Task AbortAsync()
        {
            await begun.Task;
            await client.WriteAsync("ABOR\r\n");
        }
        Task<bool> breaking = Task.Run(() => EndsInCloseNotifyAsync(new TapStream(broken), version, AbortAsync), TestContext.Current.CancellationToken);
        await client.SendAsync("RETR big.bin", 150);
        begun.SetResult();
        await client.ExpectAsync(426);
        await client.ExpectAsync(226);
        Assert.False(await breaking);
    }

    /// <summary>Whoever logged in with a certificate must show the same one on data connections.</summary>
    [Theory]
    [InlineData(SslProtocols.Tls12, "same", true)]
    [InlineData(SslProtocols.Tls13, "same", true)]
    [InlineData(SslProtocols.Tls12, "none", false)]
    [InlineData(SslProtocols.Tls13, "none", false)]
    [InlineData(SslProtocols.Tls12, "other", false)]
    [InlineData(SslProtocols.Tls13, "other", false)]
    public async Task A_data_connection_shows_the_certificate_of_its_control_connection(SslProtocols version, string shown, bool expected)
    {
        await using MemoryServer server = MemoryServer.Create();
        MemoryClient client = await SecureAsync(server, version, TestCertificates.Client);
        using X509Certificate2 stranger = TestCertificates.Create("stranger");
        X509Certificate2? certificate = shown switch { "same" => TestCertificates.Client, "other" => stranger, _ => null };
        await using DuplexStream transport = server.Data.Dial(await PassiveAsync(client), client.Address);
        using SslStream tls = new(transport, leaveInnerStreamOpen: true);
        Task shaking = Task.Run(() => tls.AuthenticateAsClientAsync(MemoryClient.ClientOptions(version, "data.test", certificate, resume: false)), TestContext.Current.CancellationToken);
        await client.SendAsync("STOR up/x", 150);
        try
        {
            await shaking.WithinAsync("the handshake");
            await tls.WriteAsync("mine"u8.ToArray(), TestContext.Current.CancellationToken);
            await tls.ShutdownAsync();
            await transport.DisposeAsync();
        }
        catch (Exception exception) when (exception is IOException or AuthenticationException or ObjectDisposedException)
        {
            // A refused connection is cut.
        }
        await client.ExpectAsync(expected ? 226 : 522);
        Assert.Equal(expected ? "mine" : null, server.Tree.ReadText("/up/x"));
    }

    /// <summary>A session that somebody else was given, without that certificate, does not stand for it; one's own does.</summary>
    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_resumed_session_of_somebody_else_stands_for_no_certificate(SslProtocols version)
    {
        await using MemoryServer server = MemoryServer.Create();
        string host = $"theirs-{version}.test".ToLowerInvariant(), ownHost = $"mine-{version}.test".ToLowerInvariant();
        MemoryClient stranger = server.Connect();
        await stranger.ExpectAsync(220);
        await stranger.AuthTlsAsync(version, protectData: true, host: host);
        await stranger.LoginAsync("bob");
        MemoryClient client = server.Connect();
        await client.ExpectAsync(220);
        await client.SendAsync("AUTH TLS", 234);
        await client.SecureAsync(version, ownHost, TestCertificates.Client);
        await client.SendAsync("PBSZ 0", 200);
        await client.SendAsync("PROT P", 200);
        await client.LoginAsync();

        _ = new DataEnd(server.Data.Dial(await PassiveAsync(client), client.Address), protect: true, version, host);
        await client.SendAsync("RETR docs/a.txt", 150);
        await client.ExpectAsync(522);

        await using DuplexStream transport = server.Data.Dial(await PassiveAsync(client), client.Address);
        using SslStream tls = new(transport, leaveInnerStreamOpen: true);
        Task<string> reading = Task.Run(async () =>
        {
            await tls.AuthenticateAsClientAsync(MemoryClient.ClientOptions(version, ownHost, TestCertificates.Client));
            using StreamReader reader = new(tls, leaveOpen: true);
            string content = await reader.ReadToEndAsync();
            await tls.ShutdownAsync();
            await transport.DisposeAsync();
            return content;
        }, TestContext.Current.CancellationToken);
        await client.SendAsync("RETR docs/a.txt", 150);
        Assert.Equal("hello\nworld\n", await reading);
        await client.ExpectAsync(226);
    }

    /// <summary>Between two servers one is the TLS client: CPSV says so for one connection, SSCN ON until it is taken back.</summary>
    [Theory]
    [InlineData("CPSV", "RETR docs/a.txt")]
    [InlineData("CPSV", "STOR up/x")]
    [InlineData("SSCN passive", "RETR docs/a.txt")]
    [InlineData("SSCN passive", "STOR up/x")]
    [InlineData("SSCN active", "RETR docs/a.txt")]
    [InlineData("SSCN active", "STOR up/x")]
    public async Task Between_servers_this_one_is_the_TLS_client_where_asked(string how, string transfer)
    {
        await using MemoryServer server = MemoryServer.Create(new FtpServerOptions { Data = new FtpDataOptions { AllowFxp = true } });
        MemoryClient client = await SecureAsync(server, SslProtocols.None, null);
        if (how != "CPSV")
            await client.SendAsync("SSCN ON", 200);
        server.Data.Open(40_001);
        DuplexStream? transport = null;
        if (how == "SSCN active")
        {
            await client.SendAsync("PORT 192,0,2,7,156,65", 200);
        }
        else
        {
            string[] told = (await client.SendAsync(how == "CPSV" ? "CPSV" : "PASV", 227)).Split('(', ')')[1].Split(',');
            transport = server.Data.Dial((int.Parse(told[4], CultureInfo.InvariantCulture) << 8) | int.Parse(told[5], CultureInfo.InvariantCulture), System.Net.IPAddress.Parse("198.51.100.9"));
        }
        await client.SendAsync(transfer, 150);
        transport ??= await server.Data.AcceptAsync(40_001);
        using SslStream other = new(transport, leaveInnerStreamOpen: true);
        await Task.Run(() => other.AuthenticateAsServerAsync(TestCertificates.ServerOptions()), TestContext.Current.CancellationToken).WaitAsync(MemoryServer.Patience, TestContext.Current.CancellationToken);
        if (transfer.StartsWith("STOR", StringComparison.Ordinal))
        {
            await other.WriteAsync("from there"u8.ToArray(), TestContext.Current.CancellationToken);
            await other.ShutdownAsync();
        }
        else
        {
            byte[] buffer = new byte[64];
            int count = await other.ReadAtLeastAsync(buffer, 12, cancellationToken: TestContext.Current.CancellationToken);
            Assert.Equal("hello\nworld\n", System.Text.Encoding.ASCII.GetString(buffer, 0, count));
        }
        await transport.DisposeAsync();
        await client.ExpectAsync(226);
        if (transfer.StartsWith("STOR", StringComparison.Ordinal))
            Assert.Equal("from there", server.Tree.ReadText("/up/x"));
        if (how != "CPSV")
            return;
        // The next connection is an ordinary one again.
        DataEnd plain = await DataEnd.OpenAsync(client);
        await client.SendAsync("RETR docs/a.txt", 150);
        Assert.Equal("hello\nworld\n", await plain.ReadToEndAsync());
        await client.ExpectAsync(226);
    }

    /// <summary>Whether the content ended before the connection under it did.</summary>
    private static async Task<bool> EndsInCloseNotifyAsync(TapStream transport, SslProtocols version, Func<Task>? interfere = null)
    {
        using SslStream tls = new(transport, leaveInnerStreamOpen: true);
        await tls.AuthenticateAsClientAsync(MemoryClient.ClientOptions(version, "server.test"));
        byte[] scrap = new byte[4096];
        int count = await tls.ReadAsync(scrap.AsMemory());
        if (interfere is not null)
            await interfere();
        try
        {
            while (count > 0)
                count = await tls.ReadAsync(scrap.AsMemory());
        }
        catch (IOException)
        {
            return false;
        }
        bool hasEnded = transport.HasEnded;
        if (!hasEnded)
            await tls.ShutdownAsync();
        return !hasEnded;
    }

    private static async Task<MemoryClient> SecureAsync(MemoryServer server, SslProtocols version, X509Certificate2? certificate)
    {
        MemoryClient client = server.Connect();
        await client.ExpectAsync(220);
        await client.SendAsync("AUTH TLS", 234);
        await client.SecureAsync(version, certificate: certificate, resume: certificate is null);
        await client.SendAsync("PBSZ 0", 200);
        await client.SendAsync("PROT P", 200);
        client.ProtectsData = true;
        await client.LoginAsync();
        return client;
    }

    private static async Task<int> PassiveAsync(MemoryClient client) => int.Parse((await client.SendAsync("EPSV", 229)).Split('|')[3], CultureInfo.InvariantCulture);
}
