using ZeroFtp.Protocol.Driver;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Protocol.Sessions;

/// <summary>Sessions that others end: kicked, or with the server. More is in the transcripts of limits/ and files/.</summary>
public sealed class EndingTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_kicked_session_says_421_and_its_transfer_426()
    {
        await using MemoryServer server = MemoryServer.Create();
        MemoryClient idle = await server.LoginAsync(), busy = await server.LoginAsync();
        DataEnd data = await DataEnd.OpenAsync(busy);
        await busy.SendAsync("RETR big.bin", 150);
        Assert.Equal(["RETR /big.bin", null], server.Ftp.Sessions.Select(static session => session.Activity).Order().Reverse());
        foreach (FtpSessionInfo session in server.Ftp.Sessions)
            Assert.True(server.Ftp.Kick(session.Id));
        Assert.False(server.Ftp.Kick(12345));
        Assert.Equal("421 Session closed by administrator.", await idle.ReadReplyAsync());
        await idle.ExpectEndAsync();
        await busy.ExpectAsync(426);
        Assert.Equal("421 Session closed by administrator.", await busy.ReadReplyAsync());
        await busy.ExpectEndAsync();
        await data.ReadToEndAsync();
        Assert.True(data.WasReset);
    }

    [Fact]
    public async Task A_stopping_server_takes_nobody_in()
    {
        await using MemoryServer server = MemoryServer.Create();
        MemoryClient idle = await server.LoginAsync();
        await server.Ftp.StopAsync(Cancelled).WaitAsync(MemoryServer.Patience, Cancelled);
        Assert.Equal("421 Server is shutting down, closing control connection.", await idle.ReadReplyAsync());
        MemoryClient late = server.Connect();
        Assert.Equal("421 Server is shutting down, try again later.", await late.ReadReplyAsync());
        await late.ExpectEndAsync();
        MemoryClient hidden = server.Connect(implicitTls: true);
        await hidden.ExpectEndAsync();
    }

    [Fact]
    public async Task Cancelling_the_stop_ends_the_grace_period()
    {
        await using MemoryServer server = MemoryServer.Create();
        MemoryClient client = await server.LoginAsync();
        DataEnd data = await DataEnd.OpenAsync(client);
        await client.SendAsync("STOR up/x", 150);
        using CancellationTokenSource impatience = new();
        Task stopping = server.Ftp.StopAsync(impatience.Token);
        await data.WriteAsync("half");
        Assert.False(client.HasUnread);
        await impatience.CancelAsync();
        await client.ExpectAsync(426);
        await client.ExpectAsync(421);
        await client.ExpectEndAsync();
        await stopping.WaitAsync(MemoryServer.Patience, Cancelled);
    }

    [Fact]
    public async Task A_command_behind_a_transfer_is_told_of_the_stop()
    {
        await using MemoryServer server = MemoryServer.Create();
        MemoryClient client = await server.LoginAsync();
        DataEnd data = await DataEnd.OpenAsync(client);
        await client.SendAsync("STOR up/x", 150);
        // Everybody is told before the first wait.
        Task stopping = server.Ftp.StopAsync(Cancelled);
        await client.WriteAsync("MKD late\r\n");
        await data.WriteAsync("whole");
        await data.CloseAsync();
        await client.ExpectAsync(226);
        await client.ExpectAsync(421);
        await client.ExpectEndAsync();
        await stopping.WaitAsync(MemoryServer.Patience, Cancelled);
    }

    [Fact]
    public async Task A_notice_reaches_each_session_once_with_a_reply_that_nobody_takes_apart()
    {
        await using MemoryServer server = MemoryServer.Create();
        MemoryClient one = await server.LoginAsync(), two = await server.LoginAsync();
        server.Ftp.PostNotice("a\r\nb");
        await one.SendAsync("EPSV", 229);
        Assert.DoesNotContain("\n", await one.SendAsync("SIZE bin.dat"), StringComparison.Ordinal);
        Assert.Equal("250-a??b\n250 Directory changed to /docs", await one.SendAsync("CWD docs"));
        Assert.Equal("200 OK.", await one.SendAsync("NOOP"));
        Assert.Equal("200-a??b\n200 OK.", await two.SendAsync("NOOP"));
    }

    [Fact]
    public async Task A_driver_that_fails_is_told_as_451_with_a_number_and_nothing_else()
    {
        await using MemoryServer server = new(new FailingDriver(), SessionOptions.NoDelay);
        MemoryClient client = server.Connect();
        await client.ExpectAsync(220);
        await client.SendAsync("USER x", 331);
        string reply = await client.SendAsync("PASS y");
        Assert.Matches(@"^451 Local error in processing, try again later \(\w+\)\.$", reply);
        await client.SendAsync("NOOP", 200);
    }

    private sealed class FailingDriver : IServerDriver
    {
        public ValueTask<LoginResult> AuthenticateAsync(LoginRequest request, CancellationToken cancellationToken) =>
            request.Password is null ? ValueTask.FromResult<LoginResult>(new LoginResult.NeedPassword()) : throw new InvalidOperationException("secret details");
    }
}
