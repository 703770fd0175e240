using ZeroFtp.Storage.Embedded;
using ZeroFtp.Storage.Metadata;
using ZeroFtp.Storage.Metadata.Cache;
using ZeroFtp.Storage.Metadata.Postgres;
using ZeroFtp.Storage.Objects.ZeroStor;
using ZeroFtp.Storage.Options;
using ZeroFtp.Tests.Storage.Metadata;
using ZeroFtp.Tests.Storage.ZeroStor;
using ZeroFtp.ZeroStor;

namespace ZeroFtp.Tests.Storage.Support;

/// <content>The same driver over PostgreSQL and the stand-in for 0-stor.</content>
internal sealed partial class StorageHarness
{
    private Backing? _distributed;

    public static async Task<StorageHarness> OpenDistributedAsync(PostgresServer server, Func<StorageOptions, StorageOptions>? change = null)
    {
        string database = await server.TakeDatabaseAsync();
        Backing backing = new(server, database, await StandIn.StartAsync());
        StorageOptions options = new() { DataDirectory = "unused", GarbageGrace = TimeSpan.Zero, WriteBufferBytes = 16 << 10 };
        options = change?.Invoke(options) ?? options;
        SqlMetadataStore sql = await CockroachMetadata.OpenAsync(PostgresTests.Options(database, new MetadataOptions { Grace = TimeSpan.Zero }), CancellationToken.None);
        CachedMetadataStore metadata = new(sql, new DirectoryCacheOptions { Mode = CoherenceMode.Strict }, TimeProvider.System);
        ZeroStorObjectStore objects = new(Stores.Quick(backing.StandIn.Address) with { ExtentBytes = 64 << 10, WriteReserveBytes = 64 << 10 });
        return new StorageHarness(null, "unused", metadata, objects, options, null, TimeProvider.System) { _distributed = backing };
    }

    private sealed class Backing(PostgresServer server, string database, StandIn standIn) : IAsyncDisposable
    {
        public StandIn StandIn => standIn;

        // An extent of 64 KiB is one block, and a block is a part on each shard.
        public long CountObjects() => standIn.Shards.Parts / standIn.Shards.Count;

        public void LoseObjects()
        {
            for (int shard = 0; shard < standIn.Shards.Count; shard++)
                standIn.Shards.Lose(shard);
        }

        public async ValueTask DisposeAsync()
        {
            await standIn.DisposeAsync();
            await server.GiveBackAsync(database);
        }
    }
}
