using System.Net;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Memory;
using ZeroFtp.Protocol.Options;
using ZeroFtp.Protocol.Sessions;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Protocol.Sessions;

/// <summary>Limits by the clock. Idle, login, accept, connect and stall limits are in the transcripts of limits/, data/ and transfer/.</summary>
public sealed class LimitTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_wrong_password_is_answered_late_and_ever_later()
    {
        await using MemoryServer server = MemoryServer.Create();
        MemoryClient client = server.Connect();
        await client.ExpectAsync(220);
        foreach (int seconds in new[] { 5, 10 })
        {
            await client.SendAsync("USER alice", 331);
            await client.WriteAsync("PASS wrong\r\n");
            await server.AdvanceAsync(TimeSpan.FromSeconds(seconds - 1));
            Assert.False(client.HasUnread);
            await server.AdvanceAsync(TimeSpan.FromSeconds(1));
            await client.ExpectAsync(530);
        }
    }

    [Fact]
    public async Task An_address_that_failed_too_often_is_not_greeted()
    {
        await using MemoryServer server = MemoryServer.Create(new FtpServerOptions
        {
            Limits = new FtpLimitOptions { LoginDelay = TimeSpan.Zero, MaxLoginDelay = TimeSpan.Zero, MaxLoginFailuresPerAddress = 2 },
        });
        MemoryClient client = server.Connect();
        await client.ExpectAsync(220);
        for (int i = 0; i < 2; i++)
        {
            await client.SendAsync("USER alice", 331);
            await client.SendAsync("PASS wrong", 530);
        }
        MemoryClient barred = server.Connect();
        Assert.Equal("421 Too many login failures, closing control connection.", await barred.ReadReplyAsync());
        await barred.ExpectEndAsync();
        MemoryClient other = server.Connect(IPAddress.Parse("198.51.100.1"));
        await other.ExpectAsync(220);
        await server.AdvanceAsync(TimeSpan.FromMinutes(11));
        await server.Connect().ExpectAsync(220);
    }

    [Fact]
    public async Task A_user_may_have_no_more_sessions_than_allowed()
    {
        await using MemoryServer server = MemoryServer.Create(SessionOptions.NoDelay);
        ((MemoryServerDriver)server.Driver).AddAccount(new MemoryAccount("single", "secret") { Limits = new UserLimits { MaxSessions = 1, IdleTimeout = TimeSpan.FromSeconds(40) } });
        MemoryClient first = await server.LoginAsync("single");
        MemoryClient second = server.Connect();
        await second.ExpectAsync(220);
        await second.SendAsync("USER single", 331);
        await second.SendAsync("PASS secret", 530);
        await first.SendAsync("REIN", 220);
        await second.LoginAsync("single");
        Assert.Contains("40", await second.SendAsync("SITE IDLE"), StringComparison.Ordinal);
    }

    /// <summary>Whoever knows the password is told at once what is the matter, and is not taken for somebody who guesses.</summary>
    [Fact]
    public async Task A_session_too_many_is_no_failed_login()
    {
        await using MemoryServer server = MemoryServer.Create(new FtpServerOptions { Limits = new FtpLimitOptions { MaxLoginFailures = 1, MaxLoginFailuresPerAddress = 1 } });
        ((MemoryServerDriver)server.Driver).AddAccount(new MemoryAccount("single", "secret") { Limits = new UserLimits { MaxSessions = 1 } });
        MemoryClient first = await server.LoginAsync("single");
        MemoryClient second = server.Connect();
        await second.ExpectAsync(220);
        for (int i = 0; i < 3; i++)
        {
            await second.SendAsync("USER single", 331);
            Assert.Equal("530 This user has too many sessions.", await second.SendAsync("PASS secret"));
        }
        Assert.Equal(MemoryServer.Start, server.Clock.GetUtcNow());
        await first.SendAsync("QUIT", 221);
        await server.WaitAsync(first.Serving);
        await second.LoginAsync("single");
        await server.Connect().ExpectAsync(220);
    }

    [Theory]
    [InlineData("USER alice")]
    [InlineData("REIN")]
    public async Task Beginning_again_and_again_leaves_no_more_time_for_the_login(string command)
    {
        await using MemoryServer server = MemoryServer.Create();
        MemoryClient client = server.Connect();
        await client.ExpectAsync(220);
        for (int i = 0; i < 4; i++)
        {
            await client.SendAsync(command, command == "REIN" ? 220 : 331);
            // Not by AdvanceAsync, after which a wait may move the clock as far again: beyond the end of a time that began anew.
            await Task.Run(() => server.Clock.Advance(TimeSpan.FromSeconds(14)), Cancelled);
        }
        await client.SendAsync(command, command == "REIN" ? 220 : 331);
        await server.AdvanceAsync(TimeSpan.FromSeconds(6));
        await client.ExpectAsync(421);
        await client.ExpectEndAsync();
    }

    [Theory]
    [InlineData("USER alice")]
    [InlineData("REIN")]
    public async Task After_a_login_the_time_for_the_next_begins_anew(string command)
    {
        await using MemoryServer server = MemoryServer.Create();
        MemoryClient client = await server.LoginAsync();
        await server.AdvanceAsync(TimeSpan.FromSeconds(100));
        await client.SendAsync(command, command == "REIN" ? 220 : 331);
        await server.AdvanceAsync(TimeSpan.FromSeconds(55));
        Assert.StartsWith("200", await client.SendAsync("NOOP"), StringComparison.Ordinal);
        await server.AdvanceAsync(TimeSpan.FromSeconds(7));
        await client.ExpectAsync(421);
        await client.ExpectEndAsync();
    }

    [Fact]
    public async Task A_handshake_that_does_not_end_is_given_up()
    {
        await using MemoryServer server = MemoryServer.Create();
        MemoryClient client = server.Connect();
        await client.ExpectAsync(220);
        await client.SendAsync("AUTH TLS", 234);
        await server.AdvanceAsync(TimeSpan.FromSeconds(29));
        Assert.False(client.Serving.IsCompleted);
        await server.AdvanceAsync(TimeSpan.FromSeconds(2));
        await server.WaitAsync(client.Serving);
    }

    [Fact]
    public async Task A_client_that_sends_half_a_line_is_idle()
    {
        await using MemoryServer server = MemoryServer.Create();
        MemoryClient client = await server.LoginAsync();
        await client.WriteAsync("NOO");
        await server.AdvanceAsync(TimeSpan.FromSeconds(302));
        await client.ExpectAsync(421);
        await client.ExpectEndAsync();
    }

    [Fact]
    public async Task A_digest_waits_for_its_turn_and_not_for_ever()
    {
        FtpLimitOptions limits = new() { MaxHashJobs = 1, HashJobWait = TimeSpan.FromMinutes(1) };
        await using (MemoryServer server = MemoryServer.Create(new FtpServerOptions { Limits = limits }))
        {
            MemoryClient client = await server.LoginAsync();
            FtpSession session = (FtpSession)server.Ftp.Sessions.Single();
            await session.Context.HashJobs.WaitAsync(Cancelled);
            await client.WriteAsync("XCRC docs/a.txt\r\n");
            await Bounded.UntilAsync("the digest is asked for", () => session.Running is not null);
            // A refusal would come now; nothing tells that somebody waits for a slot.
            await Task.Delay(200, Cancelled);
            Assert.False(client.HasUnread, "The digest was refused, or computed without a slot.");
            session.Context.HashJobs.Release();
            await client.ExpectAsync(250);
        }
        await using (MemoryServer server = MemoryServer.Create(new FtpServerOptions { Limits = limits with { HashJobWait = TimeSpan.Zero } }))
        {
            MemoryClient client = await server.LoginAsync();
            await ((FtpSession)server.Ftp.Sessions.Single()).Context.HashJobs.WaitAsync(Cancelled);
            await client.SendAsync("XCRC docs/a.txt", 450);
        }
    }

    [Fact]
    public async Task A_slow_rate_holds_a_transfer_back_without_ending_it()
    {
        await using MemoryServer server = MemoryServer.Create(new FtpServerOptions { Limits = new FtpLimitOptions { DownloadBytesPerSecond = 1024 } });
        server.Tree.AddFile("/k10", new byte[10 * 1024]);
        MemoryClient client = await server.LoginAsync();
        DataEnd data = await DataEnd.OpenAsync(client);
        await client.SendAsync("RETR k10", 150);
        await server.AdvanceAsync(TimeSpan.FromSeconds(9));
        Assert.False(client.HasUnread);
        await server.AdvanceAsync(TimeSpan.FromSeconds(2));
        await client.ExpectAsync(226);
        Assert.Equal(10 * 1024, (await data.ReadToEndAsync()).Length);
    }

    [Fact]
    public async Task A_peer_that_does_not_read_its_replies_is_let_go()
    {
        await using MemoryServer server = MemoryServer.Create();
        MemoryClient client = await server.LoginAsync();
        // The pipe holds 64 KiB; the writing below therefore ends only when the server does.
        Task writing = Task.Run(async () =>
        {
            while (true)
                await client.Transport.WriteAsync("HELP\r\n"u8.ToArray(), Cancelled);
        }, Cancelled);
        await PassUntilGoneAsync(server, client);
        await Assert.ThrowsAnyAsync<IOException>(() => writing.WaitAsync(MemoryServer.Patience, Cancelled));
    }

    /// <summary>STAT is answered beside a transfer; a peer that asks for it for ever and reads nothing must not keep its session when the transfer is long over.</summary>
    [Fact]
    public async Task A_peer_that_does_not_read_its_replies_beside_a_transfer_is_let_go()
    {
        await using MemoryServer server = MemoryServer.Create();
        MemoryClient client = await server.LoginAsync();
        DataEnd data = await DataEnd.OpenAsync(client);
        await client.SendAsync("STOR up/x", 150);
        Task writing = Task.Run(async () =>
        {
            while (true)
                await client.Transport.WriteAsync("STAT\r\n"u8.ToArray(), Cancelled);
        }, Cancelled);
        await data.SendAsync("x");
        await PassUntilGoneAsync(server, client);
        await Assert.ThrowsAnyAsync<IOException>(() => writing.WaitAsync(MemoryServer.Patience, Cancelled));
    }

    private static async Task PassUntilGoneAsync(MemoryServer server, MemoryClient client)
    {
        DateTimeOffset limit = server.Clock.GetUtcNow() + TimeSpan.FromHours(3);
        while (!client.Serving.IsCompleted)
        {
            Assert.True(server.Clock.GetUtcNow() < limit, "The session is still there after three hours.");
            await server.AdvanceAsync(TimeSpan.FromSeconds(10));
            await Task.Delay(1, Cancelled);
        }
    }
}
