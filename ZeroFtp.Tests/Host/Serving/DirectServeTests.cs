using System.Net;
using ZeroFtp.Tests.Storage.Metadata;
using ZeroFtp.Tests.Storage.Support;
using ZeroFtp.Tests.Support;
using ZeroFtp.ZeroStor.ZeroDb;

namespace ZeroFtp.Tests.Host.Serving;

/// <summary>The program over PostgreSQL and the shards of 0-stor, without a daemon.</summary>
public sealed class DirectServeTests(PostgresServer server)
{
    [Fact]
    public async Task Uploads_are_served_and_deleted_with_a_shard_down_and_after_it_is_back()
    {
        ZeroDbServer[] shards = [.. Enumerable.Range(0, 5).Select(static _ => new ZeroDbServer("secret"))];
        try
        {
            await using DistributedCluster cluster = await DistributedCluster.StartAsync(server);
            IPEndPoint address = await cluster.Start("one", new Dictionary<string, string>
            {
                ["ZEROFTP__STORAGE__ZEROSTOR__DIRECT__SHARDS"] = string.Join(',', shards.Select(static shard => shard.Id)),
                ["ZEROFTP__STORAGE__ZEROSTOR__DIRECT__PASSWORD"] = "secret",
                ["ZEROFTP__STORAGE__ZEROSTOR__DIRECT__DATAPARTS"] = "3",
                ["ZEROFTP__STORAGE__ZEROSTOR__DIRECT__PARITYPARTS"] = "1",
                ["ZEROFTP__STORAGE__ZEROSTOR__DIRECT__ENCRYPTIONKEY"] = "0123456789abcdef",
            }).WaitForListenerAsync();
            await cluster.AddAccountAsync("alice");
            await using PlainFtpClient client = await DistributedCluster.ConnectAsync(address);
            string one = Text(1), two = Text(2);
            await client.StoreAsync("/one", one);
            Assert.Equal(0, cluster.StandIn.Shards.Parts);
            Assert.True(shards.Sum(static shard => shard.Count) >= 4);
            shards[0].SetDown(true);
            Assert.Equal(one, await client.RetrieveAsync("/one"));
            await client.StoreAsync("/two", two);
            Assert.Equal(two, await client.RetrieveAsync("/two"));
            shards[0].SetDown(false);
            // A deletion that meets the open circuit is finished later than a test waits: uploads show when the shard is used again.
            int before = shards[0].Count;
            await DistributedCluster.UntilAsync("the shard is used again", async () =>
            {
                await client.StoreAsync("/three", two);
                return shards[0].Count > before;
            });
            foreach (string path in (string[])["/one", "/two", "/three"])
                await client.SendAsync("DELE " + path, '2');
            await DistributedCluster.UntilAsync("all parts are deleted", () => Task.FromResult(shards.Sum(static shard => shard.Count) == 0));
        }
        finally
        {
            foreach (ZeroDbServer shard in shards)
                await shard.DisposeAsync();
        }
    }

    private static string Text(int seed) => Convert.ToBase64String(Octets.Make(300_000, seed))[..300_000];
}
