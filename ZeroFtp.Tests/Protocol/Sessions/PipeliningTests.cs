using ZeroFtp.Protocol.Options;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Protocol.Sessions;

public sealed class PipeliningTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>CTL-6: nothing is dropped, however much comes before anything is read.</summary>
    [Fact]
    public async Task Ten_thousand_commands_get_ten_thousand_replies()
    {
        await using MemoryServer server = MemoryServer.Create();
        MemoryClient client = await server.LoginAsync();
        Task writing = client.WriteAsync(string.Concat(Enumerable.Repeat("NOOP\r\n", 10_000)));
        for (int i = 0; i < 10_000; i++)
            Assert.Equal("200 OK.", await client.ReadLineAsync());
        await writing;
        Assert.False(client.HasUnread);
    }

    /// <summary>While a transfer runs commands wait, but no more of them than the limit: then nothing more is read from the client.</summary>
    [Fact]
    public async Task Commands_that_wait_for_a_transfer_are_bounded()
    {
        await using MemoryServer server = MemoryServer.Create(new FtpServerOptions { Limits = new FtpLimitOptions { MaxDeferredBytes = 24 } });
        MemoryClient client = await server.LoginAsync();
        DataEnd data = await DataEnd.OpenAsync(client);
        await client.SendAsync("STOR up/x", 150);
        byte[] many = MemoryClient.Octets(string.Concat(Enumerable.Repeat("NOOP\r\n", 1000)));
        Task writing = Task.Run(async () =>
        {
            for (int i = 0; i < 100; i++)
                await client.Transport.WriteAsync(many, Cancelled);
        }, Cancelled);
        // Far more than the pipe holds cannot go out before the transfer ends.
        await Task.WhenAny(writing, Task.Run(() => SpinWait.SpinUntil(() => writing.IsCompleted, TimeSpan.FromMilliseconds(200)), Cancelled));
        Assert.False(writing.IsCompleted);
        await data.SendAsync("x");
        await client.ExpectAsync(226);
        for (int i = 0; i < 100_000; i++)
            Assert.Equal("200 OK.", await client.ReadLineAsync());
        await writing;
    }

    /// <summary>Some clients keep a connection alive during a transfer with a command now and then, for hours.</summary>
    [Fact]
    public async Task Abort_is_heard_behind_thousands_of_commands_that_wait()
    {
        await using MemoryServer server = MemoryServer.Create();
        MemoryClient client = await server.LoginAsync();
        DataEnd data = await DataEnd.OpenAsync(client);
        await client.SendAsync("RETR big.bin", 150);
        for (int i = 0; i < 5000; i++)
            await client.WriteAsync("NOOP\r\n");
        await client.WriteAsync("ABOR\r\n");
        await client.ExpectAsync(426);
        for (int i = 0; i < 5000; i++)
            await client.ExpectAsync(200);
        await client.ExpectAsync(226);
        await data.ReadToEndAsync();
        Assert.True(data.WasReset);
    }

    [Fact]
    public async Task Abort_is_heard_behind_commands_that_wait()
    {
        await using MemoryServer server = MemoryServer.Create();
        MemoryClient client = await server.LoginAsync();
        DataEnd data = await DataEnd.OpenAsync(client);
        await client.SendAsync("RETR big.bin", 150);
        await client.WriteAsync("NOOP\r\nABOR\r\nPWD\r\n");
        await client.ExpectAsync(426);
        await client.ExpectAsync(200);
        Assert.Equal("226 Abort successful.", await client.ReadReplyAsync());
        await client.ExpectAsync(257);
        await data.ReadToEndAsync();
        Assert.True(data.WasReset);
    }

    /// <summary>What is steady costs nothing: no allocation for commands without an argument, the argument's string for one with it.</summary>
    [Fact]
    public async Task Steady_commands_allocate_nothing_but_the_argument()
    {
        await using MemoryServer server = MemoryServer.Create();
        MemoryClient client = await server.LoginAsync();
        Assert.Equal(0, await PerCommandAsync(client, "NOOP\r\n"));
        Assert.Equal(0, await PerCommandAsync(client, "PWD\r\n"));
        Assert.InRange(await PerCommandAsync(client, "TYPE I\r\n"), 0, 40);
    }

    /// <summary>Bytes that one more command costs among many that come together: what a flush costs is not counted.</summary>
    private static async Task<long> PerCommandAsync(MemoryClient client, string command) =>
        (await PerBlockAsync(client, command, 400) - await PerBlockAsync(client, command, 200)) / 200;

    /// <summary>Bytes that the engine allocates on the thread that runs it, for a block of commands.</summary>
    private static async Task<long> PerBlockAsync(MemoryClient client, string command, int commands)
    {
        byte[] block = MemoryClient.Octets(string.Concat(Enumerable.Repeat(command, commands)));
        byte[] replies = new byte[64 * 1024];
        long least = long.MaxValue;
        for (int round = 0; round < 6; round++)
        {
            long allocated = await Task.Run(() =>
            {
                // The server's code runs within this write.
                long before = GC.GetAllocatedBytesForCurrentThread();
                client.Transport.WriteAsync(block).AsTask().GetAwaiter().GetResult();
                return GC.GetAllocatedBytesForCurrentThread() - before;
            });
            // Now and then the server goes on with another thread: the last answer may come later than the write ends.
            for (int answers = 0; answers < commands;)
            {
                int count = await client.Transport.ReadAsync(replies.AsMemory());
                Assert.NotEqual(0, count);
                answers += replies.AsSpan(0, count).Count((byte)'\n');
            }
            least = Math.Min(least, allocated);
        }
        return least;
    }
}
