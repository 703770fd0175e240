using ZeroFtp.Storage.Objects;
using ZeroFtp.Storage.Objects.ZeroStor;
using ZeroFtp.Tests.Storage.Support;
using ZeroFtp.ZeroStor;
using ZeroFtp.ZeroStor.Shards;
using ZeroFtp.ZeroStor.ZeroDb;

namespace ZeroFtp.Tests.Storage.ZeroStor.Direct;

/// <summary>The same shards through a daemon and directly: each way reads, checks and deletes what the other wrote.</summary>
public sealed class DirectAndDaemonTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(3, 1, false)]
    [InlineData(3, 1, true)]
    [InlineData(2, 2, true)]
    [InlineData(3, 0, false)]
    [InlineData(2, 0, true)]
    public async Task Objects_of_either_are_read_and_deleted_by_the_other(int data, int parity, bool encrypts)
    {
        ZeroDbServer[] servers = [.. Enumerable.Range(0, data + parity).Select(static _ => new ZeroDbServer())];
        try
        {
            using ShardSet shards = new(servers);
            await using StandIn daemon = await StandIn.StartAsync(
                new StandInOptions { Shared = shards, DataShards = data, Parity = parity, BlockSize = 64 << 10, Encrypt = encrypts, HashesBySha256 = true });
            await using ZeroStorObjectStore throughDaemon = new(Stores.Quick(daemon.Address));
            await using ZeroStorObjectStore direct = DirectStores.Open(servers, options => options with
            {
                DataParts = data, ParityParts = parity, Compression = "none", Hash = "sha_256", EncryptionKey = encrypts ? "an example key!!" : "",
            });
            await AssertMovesAsync(throughDaemon, direct);
            await AssertMovesAsync(direct, throughDaemon);
            Assert.Equal(0, servers.Sum(static server => server.Count));
        }
        finally
        {
            foreach (ZeroDbServer server in servers)
                await server.DisposeAsync();
        }
    }

    private static async Task AssertMovesAsync(ZeroStorObjectStore writer, ZeroStorObjectStore reader)
    {
        byte[] content = Octets.Make(200_001);
        StoredObject stored = await Stores.WriteAsync(writer, content);
        Assert.Equal(content, (await Stores.ReadAsync(reader, stored)).Octets);
        Assert.Equal(ObjectState.Good, await reader.CheckAsync(stored, deep: true, Token));
        Assert.Null(await reader.DeleteAsync(stored.Reference, Token));
    }
}
