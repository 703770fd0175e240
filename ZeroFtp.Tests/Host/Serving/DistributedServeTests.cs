using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using ZeroFtp.Tests.Storage.Metadata;
using ZeroFtp.Tests.Storage.Support;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Host.Serving;

/// <summary>Two front-ends as processes, on one database and one 0-stor.</summary>
public sealed class DistributedServeTests(PostgresServer server)
{
    private const int Uploaders = 4;

    [Fact]
    public async Task What_is_uploaded_through_one_is_listed_and_downloaded_through_the_other()
    {
        await using DistributedCluster cluster = await DistributedCluster.StartAsync(server);
        (IPEndPoint one, IPEndPoint two) = await StartTwoAsync(cluster);
        await using PlainFtpClient first = await DistributedCluster.ConnectAsync(one);
        await using PlainFtpClient second = await DistributedCluster.ConnectAsync(two);
        string content = Text(1, 300_000);
        await first.SendAsync("MKD /d", '2');
        await first.StoreAsync("/d/a b", content);
        Assert.Equal("/d/a b", (await second.ListAsync("/d")).Single());
        Assert.Equal(content, await second.RetrieveAsync("/d/a b"));
        await second.SendAsync("DELE /d/a b", '2');
        Assert.Empty(await first.ListAsync("/d"));
        (int code, string output, string errors) = await cluster.RunAsync(null, "fsck");
        Assert.True(code == 0, output + errors);
        (_, string shown, _) = await cluster.RunAsync(null, "config", "show");
        Assert.Contains("\"connectionString\": \"***\"", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_front_end_that_is_killed_loses_no_acknowledged_upload_and_is_reaped_by_the_other()
    {
        await using DistributedCluster cluster = await DistributedCluster.StartAsync(server);
        ZeroFtpProgram doomed = cluster.Start("doomed");
        IPEndPoint one = await doomed.WaitForListenerAsync();
        IPEndPoint two = await cluster.Start("heir").WaitForListenerAsync();
        await cluster.AddAccountAsync("alice");

        ConcurrentDictionary<string, string> acknowledged = new();
        byte[] longer = Encoding.ASCII.GetBytes(Text(99, 4 << 20));
        await using PlainFtpClient slow = await DistributedCluster.ConnectAsync(one);
        using TcpClient unfinished = await slow.BeginStoreAsync("/unfinished", longer);
        await DistributedCluster.UntilAsync("a part of the long upload is journalled", async () => await cluster.CountAsync("SELECT COUNT(*) FROM upload") > 0);
        Task[] uploads = [.. Enumerable.Range(0, Uploaders).Select(worker => UploadAsync(one, worker, acknowledged))];
        await DistributedCluster.UntilAsync("uploads are acknowledged", () => Task.FromResult(acknowledged.Count >= 25));
        doomed.Kill();
        await Task.WhenAll(uploads);

        await DistributedCluster.UntilAsync("the dead front-end is reaped", async () => await cluster.CountAsync("SELECT COUNT(*) FROM server") == 1 && await cluster.CountAsync("SELECT COUNT(*) FROM upload") == 0);
        await using PlainFtpClient client = await DistributedCluster.ConnectAsync(two);
        foreach ((string path, string hash) in acknowledged)
            Assert.Equal(hash, Hash(await client.RetrieveAsync(path)));
        // What was journalled of the upload that was under way is kept for resuming, as if the client had been lost.
        string kept = await client.RetrieveAsync("/unfinished");
        Assert.InRange(kept.Length, 16 * 65_536, longer.Length);
        Assert.Equal(Encoding.ASCII.GetString(longer, 0, kept.Length), kept);

        (int code, string output, string errors) = await cluster.RunAsync(null, "fsck");
        Assert.True(code == 0, output + errors);
        // Written and never named: at most what was in flight, which is a window of the long upload with the extents before the next batch of the journal, and those of the short ones.
        await DistributedCluster.UntilAsync("garbage is collected", async () => await cluster.CountAsync("SELECT (SELECT COUNT(*) FROM garbage) + (SELECT COUNT(*) FROM garbage_object)") == 0);
        long named = await cluster.CountAsync("SELECT COUNT(DISTINCT object) FROM extent");
        Assert.InRange(cluster.StandIn.Shards.Parts / 4 - named, 0, 4 + 16 + Uploaders * 3);
    }

    [Fact]
    public async Task Without_a_daemon_uploads_fail_and_everything_else_goes_on_until_it_is_back()
    {
        await using DistributedCluster cluster = await DistributedCluster.StartAsync(server);
        IPEndPoint one = await cluster.Start("one").WaitForListenerAsync();
        await cluster.AddAccountAsync("alice");
        await using PlainFtpClient client = await DistributedCluster.ConnectAsync(one);
        string old = Text(1, 200_000);
        await client.StoreAsync("/a", old);

        await cluster.StandIn.StopAsync();
        IOException refused = await Assert.ThrowsAsync<IOException>(() => client.StoreAsync("/a", Text(2, 250_000)));
        Assert.Contains(": 451 ", refused.Message, StringComparison.Ordinal);
        await using (PlainFtpClient newcomer = await DistributedCluster.ConnectAsync(one))
        {
            Assert.Equal("/a", (await newcomer.ListAsync("/")).Single());
            Assert.Equal("213 200000", await newcomer.SendAsync("SIZE /a", '2'));
            await newcomer.SendAsync("MKD /d", '2');
        }

        await cluster.StandIn.RestartAsync();
        await using PlainFtpClient again = await DistributedCluster.ConnectAsync(one);
        await DistributedCluster.UntilAsync("the old file is served", async () => await TryAsync(async () => Assert.Equal(old, await again.RetrieveAsync("/a"))));
        await again.StoreAsync("/a", Text(2, 250_000));
        Assert.Equal(Text(2, 250_000), await again.RetrieveAsync("/a"));
        (int code, string output, string errors) = await cluster.RunAsync(null, "fsck");
        Assert.True(code == 0, output + errors);
    }

    private static async Task<(IPEndPoint One, IPEndPoint Two)> StartTwoAsync(DistributedCluster cluster)
    {
        // Both at once on an empty database: one makes the schema, the other waits for it.
        ZeroFtpProgram[] programs = [cluster.Start("one"), cluster.Start("two")];
        (IPEndPoint one, IPEndPoint two) = (await programs[0].WaitForListenerAsync(), await programs[1].WaitForListenerAsync());
        await cluster.AddAccountAsync("alice");
        return (one, two);
    }

    /// <summary>Uploads until the server is gone, new files and old ones anew, and notes what was acknowledged.</summary>
    private static async Task UploadAsync(IPEndPoint address, int worker, ConcurrentDictionary<string, string> acknowledged)
    {
        try
        {
            await using PlainFtpClient client = await DistributedCluster.ConnectAsync(address);
            for (int i = 0; ; i++)
            {
                string content = Text(worker * 1_000 + i, 1 + i * 7_919 % 150_000);
                await client.StoreAsync($"/w{worker}-{i}", content);
                acknowledged[$"/w{worker}-{i}"] = Hash(content);
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            // That is what the test is about; anything else fails it.
        }
    }

    private static async Task<bool> TryAsync(Func<Task> run)
    {
        try
        {
            await run();
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static string Text(int seed, int length) => Convert.ToBase64String(Octets.Make(length, seed))[..length];

    private static string Hash(string content) => Convert.ToHexString(SHA256.HashData(Encoding.ASCII.GetBytes(content)));
}
