using System.Net;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Memory;
using ZeroFtp.Protocol.Options;
using ZeroFtp.Tests.Protocol.Sessions;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Security;

/// <summary>What there is a limited number of: passive ports, sessions, quota, digests. Whoever takes it all keeps it no longer than he uses it.</summary>
public sealed class ExhaustionTests
{
    [Fact]
    public async Task A_session_holds_one_passive_port_however_often_it_asks()
    {
        await using MemoryServer server = MemoryServer.Create();
        server.Data.MaxPorts = 2;
        MemoryClient greedy = await server.LoginAsync(), other = await server.LoginAsync("bob");
        for (int i = 0; i < 50; i++)
        {
            Assert.Matches("^22[79]", await greedy.SendAsync(i % 2 == 0 ? "PASV" : "EPSV"));
            Assert.Equal(1, server.Data.OpenPorts);
        }
        await other.SendAsync("EPSV", 229);
        MemoryClient third = await server.LoginAsync();
        Assert.StartsWith("425", await third.SendAsync("EPSV"), StringComparison.Ordinal);
        // A port that nobody comes to is free again in time, and one whose session ends at once.
        await server.DropAsync(greedy);
        await third.SendAsync("EPSV", 229);
        await server.AdvanceAsync(TimeSpan.FromSeconds(61));
        Assert.Equal(0, server.Data.OpenPorts);
    }

    [Fact]
    public async Task Sessions_are_limited_in_all_and_by_address_and_their_places_come_back()
    {
        await using MemoryServer server = MemoryServer.Create(new FtpServerOptions { Limits = new FtpLimitOptions { MaxSessions = 4, MaxSessionsPerAddress = 2 } });
        IPAddress greedy = IPAddress.Parse("198.51.100.1"), mapped = greedy.MapToIPv6();
        MemoryClient first = server.Connect(greedy);
        await first.ExpectAsync(220);
        await server.Connect(mapped).ExpectAsync(220);
        MemoryClient third = server.Connect(greedy);
        await third.ExpectAsync(421);
        await third.ExpectEndAsync();
        await server.Connect(IPAddress.Parse("198.51.100.2")).ExpectAsync(220);
        await server.Connect(IPAddress.Parse("198.51.100.3")).ExpectAsync(220);
        await server.Connect(IPAddress.Parse("198.51.100.4")).ExpectAsync(421);
        await server.DropAsync(first);
        await server.Connect(greedy).ExpectAsync(220);
        // Whoever does not log in is shown out.
        await server.AdvanceAsync(TimeSpan.FromSeconds(62));
        Assert.Empty(server.Ftp.Sessions);
    }

    [Fact]
    public async Task A_quota_holds_for_uploads_that_run_beside_each_other()
    {
        await using MemoryServer server = MemoryServer.Create(SessionOptions.NoDelay);
        List<(MemoryClient Client, DataEnd Data)> uploads = [];
        for (int i = 0; i < 5; i++)
        {
            MemoryClient client = await server.LoginAsync("carol");
            DataEnd data = await DataEnd.OpenAsync(client);
            await client.SendAsync($"STOR up/part{i}", 150);
            await data.WriteAsync(new string('x', 400));
            uploads.Add((client, data));
        }
        int taken = 0;
        foreach ((MemoryClient client, DataEnd data) in uploads)
        {
            await data.CloseAsync();
            string reply = await client.ReadReplyAsync();
            Assert.Matches("^(226|552)", reply);
            taken += reply.StartsWith("226", StringComparison.Ordinal) ? 1 : 0;
        }
        Assert.Equal(2, taken);
        MemoryDriver driver = new(server.Tree);
        Assert.InRange(driver.ListFilesAsync(FtpPath.Parse("/up"), TestContext.Current.CancellationToken).ToBlockingEnumerable(TestContext.Current.CancellationToken).Sum(static entry => entry.Size), 0, 1000);
    }
}
