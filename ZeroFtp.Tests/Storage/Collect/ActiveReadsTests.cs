using Microsoft.Extensions.Time.Testing;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Content;
using ZeroFtp.Storage.Driver;
using ZeroFtp.Storage.Maintenance;
using ZeroFtp.Storage.Metadata;
using ZeroFtp.Tests.Storage.Support;
using ZeroFtp.Tests.Support;
using static ZeroFtp.Tests.Storage.Support.DriverCalls;

namespace ZeroFtp.Tests.Storage.Collect;

public sealed class ActiveReadsTests
{
    private readonly WallClock _clock = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private long Now => MetadataTime.Now(_clock);

    [Fact]
    public void The_oldest_is_that_of_the_downloads_that_still_run()
    {
        ActiveReads reads = new(() => Now, _clock);
        Assert.Null(reads.Oldest);
        long first = Now;
        using (reads.Begin())
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            using IDisposable second = reads.Begin();
            Assert.Equal(first, reads.Oldest);
        }
        Assert.Null(reads.Oldest);
    }

    [Fact]
    public void A_clock_that_is_set_back_leaves_a_start_before_all_that_comes_after_it()
    {
        ActiveReads reads = new(() => Now, _clock);
        using IDisposable early = reads.Begin();
        _clock.Advance(TimeSpan.FromSeconds(1));
        _clock.Set(TimeSpan.FromHours(-1));
        long changed = Now;
        using IDisposable late = reads.Begin();
        _clock.Advance(TimeSpan.FromMinutes(1));
        long oldest = reads.Oldest!.Value;
        Assert.True(oldest < changed);

        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(oldest, reads.Oldest);
        _clock.Set(TimeSpan.FromHours(2));
        Assert.Equal(oldest, reads.Oldest);
    }

    [Fact]
    public async Task A_clock_that_is_set_back_takes_nothing_from_a_running_download()
    {
        SetClock shown = new(_clock);
        await using StorageHarness store = await StorageHarness.OpenAsync(clock: shown);
        StorageDriver driver = store.Login();
        byte[] bytes = Octets.Make(500_000);
        await driver.PutAsync("/a", bytes);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await using IDownload download = await driver.OpenReadAsync(At("/a"), 0, Token);
        _clock.Advance(TimeSpan.FromSeconds(1));
        _clock.Set(TimeSpan.FromHours(-1));
        await driver.DeleteFileAsync(At("/a"), Token);
        for (int i = 0; i < 3; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(20));
            await store.Collector.CollectAsync(Token);
        }
        Assert.Equal(bytes, await download.ReadAsync());
        await download.DisposeAsync();
        await store.AssertSoundAsync();
    }

    /// <summary>A clock that can be set, which changes nothing of how much time has passed.</summary>
    private sealed class WallClock : TimeProvider
    {
        private readonly FakeTimeProvider _passing = new(new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero));
        private TimeSpan _set;

        public override long TimestampFrequency => _passing.TimestampFrequency;

        public void Advance(TimeSpan time) => _passing.Advance(time);

        public void Set(TimeSpan by) => _set += by;

        public override DateTimeOffset GetUtcNow() => _passing.GetUtcNow() + _set;

        public override long GetTimestamp() => _passing.GetTimestamp();
    }
}
