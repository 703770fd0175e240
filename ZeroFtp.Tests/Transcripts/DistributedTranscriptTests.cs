using Microsoft.Extensions.Time.Testing;
using ZeroFtp.Storage;
using ZeroFtp.Storage.Distributed;
using ZeroFtp.Storage.Options;
using ZeroFtp.Tests.Storage.Metadata;
using ZeroFtp.Tests.Support;
using ZeroFtp.ZeroStor;

namespace ZeroFtp.Tests.Transcripts;

/// <summary>Each transcript over an empty database of one PostgreSQL, and over one stand-in for 0-stor that all share.</summary>
public sealed class DistributedTranscriptTests(DistributedTranscriptStore store) : TranscriptTests<DistributedTranscriptFixture>, IClassFixture<DistributedTranscriptStore>
{
    private protected override DistributedTranscriptFixture CreateFixture() => new() { Store = store };
}

/// <summary>What the transcripts share.</summary>
public sealed class DistributedTranscriptStore(PostgresServer server) : IAsyncLifetime
{
    private StandIn? _standIn;

    internal string Daemon => _standIn!.Address;

    public async ValueTask InitializeAsync() => _standIn = await StandIn.StartAsync();

    public ValueTask DisposeAsync() => _standIn?.DisposeAsync() ?? ValueTask.CompletedTask;

    internal Task<string> TakeDatabaseAsync() => server.TakeDatabaseAsync();

    internal Task GiveBackAsync(string database) => server.GiveBackAsync(database);
}

/// <summary>The distributed store.</summary>
public sealed class DistributedTranscriptFixture : StoreTranscriptFixture
{
    private string? _database;

    internal DistributedTranscriptStore? Store { get; init; }

    private protected override async Task<FtpStorage> OpenAsync(FakeTimeProvider clock, Func<string, StorageOptions> options)
    {
        _database = await Store!.TakeDatabaseAsync();
        return await DistributedStorage.OpenAsync(
            new DistributedStorageOptions
            {
                Common = options("unused") with { CollectInterval = Timeout.InfiniteTimeSpan },
                Metadata = new MetadataServerOptions { ConnectionString = _database },
                ZeroStor = new() { Daemons = [Store.Daemon] },
            },
            timeProvider: new SetClock(clock));
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_database is not null)
            await Store!.GiveBackAsync(_database);
    }
}
