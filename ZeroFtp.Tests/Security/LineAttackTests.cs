using System.Text;
using ZeroFtp.Protocol.Options;
using ZeroFtp.Tests.Protocol.Sessions;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Security;

/// <summary>Lines that are too long, too slow, or not FTP at all.</summary>
public sealed class LineAttackTests
{
    [Fact]
    public async Task Endless_input_before_login_is_not_kept()
    {
        await using MemoryServer server = MemoryServer.Create();
        MemoryClient client = server.Connect();
        await client.ExpectAsync(220);
        byte[] block = Enumerable.Repeat((byte)'a', 64 * 1024).ToArray();
        long most = await Task.Run(() =>
        {
            // The server's code runs within these writes.
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 1024; i++)
                client.Transport.WriteAsync(block).AsTask().GetAwaiter().GetResult();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }, TestContext.Current.CancellationToken);
        Assert.InRange(most, 0, 4 * 1024 * 1024);
        await client.WriteAsync("\r\nNOOP\r\n");
        await client.ExpectAsync(500);
        await client.ExpectAsync(200);
    }

    [Theory]
    [InlineData("USER ")]
    [InlineData("PASS ")]
    [InlineData("FOOB ")]
    [InlineData("")]
    public async Task A_line_beyond_the_limit_is_refused_once_and_none_of_it_runs(string verb)
    {
        await using MemoryServer server = MemoryServer.Create(new FtpServerOptions { Limits = new FtpLimitOptions { MaxLineLength = 512 } });
        MemoryClient client = server.Connect();
        await client.ExpectAsync(220);
        Assert.Equal("500 Command line too long.", await client.SendAsync(verb + new string('x', 600)));
        Assert.Equal("500 Command line too long.", await client.SendAsync(verb + new string('x', 2_000_000) + " NOOP"));
        Assert.False(client.HasUnread);
        Assert.StartsWith("200", await client.SendAsync("NOOP"), StringComparison.Ordinal);
    }

    /// <summary>An byte now and then does not keep a place: the time to log in runs from the greeting, and the idle time from the last whole line.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Slow_lines_keep_no_place(bool loggedIn)
    {
        await using MemoryServer server = MemoryServer.Create();
        MemoryClient client = loggedIn ? await server.LoginAsync() : server.Connect();
        if (!loggedIn)
            await client.ExpectAsync(220);
        int most = loggedIn ? 310 : 70, sent = 0;
        while (sent < most && !client.Serving.IsCompleted && !client.HasUnread)
        {
            await client.WriteAsync("x");
            await server.AdvanceAsync(TimeSpan.FromSeconds(2));
            sent += 2;
        }
        await client.ExpectAsync(421);
        await client.ExpectEndAsync();
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("POST /upload HTTP/1.1\r\nContent-Length: 30\r\n\r\nUSER alice\r\nPASS secret\r\nSTAT\r\n")]
    [InlineData("HEAD / HTTP/1.0\r\n\r\n")]
    [InlineData("OPTIONS * HTTP/1.1\r\n\r\n")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]
    [InlineData("Host: example.com\r\n")]
    [InlineData("EHLO example.com\r\n")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n")]
    [InlineData("\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00FC\u0003\u0003")]
    [InlineData("\u0016\u0003\u0001\u0000\u0020USER alice\r\nPASS secret\r\n")]
    public async Task Other_protocols_are_shown_out_before_they_can_smuggle_a_command(string bytes)
    {
        await using MemoryServer server = MemoryServer.Create();
        MemoryClient client = server.Connect();
        await client.ExpectAsync(220);
        await client.WriteAsync(bytes);
        Assert.Equal("421 Protocol error, closing control connection.", await client.ReadReplyAsync());
        await client.ExpectEndAsync();
    }

    /// <summary>Commands in the body of what a browser posts are as bad when they come first in a segment of their own.</summary>
    [Fact]
    public async Task Guessing_clients_are_shown_out()
    {
        await using MemoryServer server = MemoryServer.Create(SessionOptions.NoDelay);
        MemoryClient client = server.Connect();
        await client.ExpectAsync(220);
        StringBuilder said = new();
        for (int i = 0; i < 5; i++)
            said.Append(await client.SendAsync($"X-HEADER{i}: value"));
        Assert.Contains("421", said.ToString(), StringComparison.Ordinal);
        await client.ExpectEndAsync();
    }
}
