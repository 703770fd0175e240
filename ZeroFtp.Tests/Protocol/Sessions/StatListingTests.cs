using System.Globalization;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Protocol.Sessions;

/// <summary>STAT of a directory is sent as the client reads it, and stays one reply whatever comes in between.</summary>
public sealed class StatListingTests
{
    private const int Files = 3000;
    private const string CutShort = "212 End of listing, which was cut short.";

    [Fact]
    public async Task A_client_that_does_not_read_holds_a_part_of_the_listing_only()
    {
        await using MemoryServer server = CreateServer();
        MemoryClient client = await LoginAsync(server);
        await client.WriteAsync("STAT big\r\nSTAT big\r\n");
        byte[] taken = new byte[1024 * 1024];
        int length = await server.WaitAsync(client.Transport.ReadAsync(taken, TestContext.Current.CancellationToken).AsTask());
        Assert.InRange(length, 1, 64 * 1024);
    }

    [Fact]
    public async Task The_whole_listing_arrives_and_the_next_reply_follows_it()
    {
        await using MemoryServer server = CreateServer();
        MemoryClient client = await LoginAsync(server);
        await client.WriteAsync("STAT big\r\nSYST\r\nNOOP\r\n");
        string[] lines = (await client.ExpectAsync(212)).Split('\n');
        Assert.Equal("212-Listing of big:", lines[0]);
        Assert.Equal(Enumerable.Range(0, Files).Select(Name), lines[1..^1].Select(line => line.Split(' ')[^1]));
        Assert.All(lines[1..^1], line => Assert.StartsWith(" -rw", line, StringComparison.Ordinal));
        Assert.Equal("212 End of listing.", lines[^1]);
        await client.ExpectAsync(215);
        await client.ExpectAsync(200);
    }

    [Fact]
    public async Task ABOR_ends_the_listing_with_its_own_code()
    {
        await using MemoryServer server = CreateServer();
        MemoryClient client = await LoginAsync(server);
        await client.WriteAsync("STAT big\r\n");
        Assert.Equal("212-Listing of big:", await client.ReadLineAsync());
        await client.WriteAsync("STAT\r\nABOR\r\n");
        Assert.Equal(CutShort, await ReadToEndOfListingAsync(client));
        // STAT without an argument waited for its turn, so no reply stood within the listing.
        await client.ExpectAsync(211);
        await client.ExpectAsync(226);
        await client.SendAsync("NOOP", 200);
    }

    [Fact]
    public async Task A_kick_ends_the_listing_before_its_421()
    {
        await using MemoryServer server = CreateServer();
        MemoryClient client = await LoginAsync(server);
        await client.WriteAsync("STAT big\r\n");
        Assert.Equal("212-Listing of big:", await client.ReadLineAsync());
        Assert.True(server.Ftp.Kick(Assert.Single(server.Ftp.Sessions).Id));
        Assert.Equal(CutShort, await ReadToEndOfListingAsync(client));
        await client.ExpectAsync(421);
        await client.ExpectEndAsync();
    }

    private static string Name(int index) => "file-" + index.ToString("0000", CultureInfo.InvariantCulture);

    private static MemoryServer CreateServer()
    {
        MemoryServer server = MemoryServer.Create();
        server.Tree.AddDirectory("/big");
        for (int index = 0; index < Files; index++)
            server.Tree.AddFile($"/big/{Name(index)}", "x"u8);
        return server;
    }

    /// <summary>A session whose connection holds little, as a socket's buffers would.</summary>
    private static async Task<MemoryClient> LoginAsync(MemoryServer server)
    {
        MemoryClient client = server.Connect(pauseAt: 2048);
        await client.ExpectAsync(220);
        await client.LoginAsync();
        return client;
    }

    private static async Task<string?> ReadToEndOfListingAsync(MemoryClient client)
    {
        string? line;
        do
            line = await client.ReadLineAsync();
        while (line is not null && line.StartsWith(' '));
        return line;
    }
}
