using Microsoft.Extensions.Time.Testing;
using ZeroFtp.Storage;
using ZeroFtp.Storage.Embedded;
using ZeroFtp.Storage.Objects;
using ZeroFtp.Storage.Options;
using ZeroFtp.Tests.Storage.Support;

namespace ZeroFtp.Tests.Transcripts;

public sealed class StorageTranscriptTests : TranscriptTests<StorageTranscriptFixture>;

/// <summary>The embedded store.</summary>
public sealed class StorageTranscriptFixture : StoreTranscriptFixture
{
    private TemporaryDirectory? _directory;

    private protected override async Task<FtpStorage> OpenAsync(FakeTimeProvider clock, Func<string, StorageOptions> options) =>
        await EmbeddedStorage.OpenAsync(options((_directory = new TemporaryDirectory()).Path) with { Durability = Durability.Relaxed, FreeSpaceFloorBytes = 0 }, timeProvider: clock);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _directory?.Dispose();
    }
}
