using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Content;
using ZeroFtp.Storage.Driver;
using ZeroFtp.Storage.Maintenance;
using ZeroFtp.Storage.Objects;
using ZeroFtp.Tests.Storage.Support;
using static ZeroFtp.Tests.Storage.Support.DriverCalls;

namespace ZeroFtp.Tests.Storage;

/// <summary>Content that has rotted on the disk is not given out as what was stored.</summary>
public sealed class VerifiedReadTests
{
    private const int Small = 50_000;
    private const int Large = 3_000_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Small)]
    [InlineData(Large)]
    public async Task A_changed_byte_ends_a_read_through_memory(int length)
    {
        await using StorageHarness store = await OpenAsync(VerifyReads.Never);
        StorageDriver driver = store.Login();
        await driver.PutAsync("/a", Octets.Make(length));
        Assert.Equal(length, (await driver.GetAsync("/a")).Length);
        ChangeByte(store, length - 1);
        await FailsAsync(FtpError.Unavailable, () => driver.GetAsync("/a"));
    }

    [Theory]
    [InlineData(VerifyReads.Always, Small, 0)]
    [InlineData(VerifyReads.Always, Large, 0)]
    [InlineData(VerifyReads.FirstRead, Small, 0)]
    [InlineData(VerifyReads.FirstRead, Large, 0)]
    [InlineData(VerifyReads.FirstRead, Large, 1_000_000)]
    public async Task A_changed_byte_is_not_sent_from_the_file(VerifyReads verify, int length, int offset)
    {
        await using StorageHarness store = await OpenAsync(verify);
        StorageDriver driver = store.Login();
        await driver.PutAsync("/a", Octets.Make(length));
        // Before the offset too: the object is the unit that has a hash.
        ChangeByte(store, 10);
        await FailsAsync(FtpError.Unavailable, () => SendAsync(driver, offset));
        ChangeByte(store, 10);
        Assert.Equal(Octets.Make(length)[offset..], await SendAsync(driver, offset));
    }

    [Fact]
    public async Task An_object_is_read_for_its_hash_once_and_again_when_its_file_was_written()
    {
        await using StorageHarness store = await OpenAsync(VerifyReads.FirstRead);
        StorageDriver driver = store.Login();
        await driver.PutAsync("/a", Octets.Make(Large));
        string file = store.ObjectFile();
        DateTime writtenAt = File.GetLastWriteTimeUtc(file);
        await SendAsync(driver, 0);
        ChangeByte(store, 10);
        File.SetLastWriteTimeUtc(file, writtenAt);
        // As on a disk that has rotted under what is in memory: it is remembered.
        Assert.Equal(Large, (await SendAsync(driver, 0)).Length);
        File.SetLastWriteTimeUtc(file, writtenAt.AddSeconds(1));
        await FailsAsync(FtpError.Unavailable, () => SendAsync(driver, 0));
    }

    [Fact]
    public async Task Never_sends_what_is_there()
    {
        await using StorageHarness store = await OpenAsync(VerifyReads.Never);
        StorageDriver driver = store.Login();
        await driver.PutAsync("/a", Octets.Make(Large));
        ChangeByte(store, 10);
        Assert.Equal(Large, (await SendAsync(driver, 0)).Length);
    }

    [Fact]
    public async Task What_was_damaged_is_named_and_counted()
    {
        await using StorageHarness store = await OpenAsync(VerifyReads.FirstRead);
        StorageDriver driver = store.Login();
        List<string> counted = [];
        using MeterListener listener = Listen(store, counted);
        await driver.MakeAsync("/d");
        await driver.PutAsync("/d/a", Octets.Make(Large));
        ChangeByte(store, 10);
        FtpDriverException damaged = await Assert.ThrowsAsync<FtpDriverException>(() => SendAsync(driver, 0, "/d/a"));
        Assert.Contains(" of /d/a is damaged", damaged.Message, StringComparison.Ordinal);
        Assert.Contains("backup", damaged.Message, StringComparison.Ordinal);
        store.LoseObjects(_ => true);
        FtpDriverException missing = await Assert.ThrowsAsync<FtpDriverException>(() => SendAsync(driver, 0, "/d/a"));
        Assert.Contains(" of /d/a is missing", missing.Message, StringComparison.Ordinal);
        Assert.Equal(["damaged read", "missing read"], counted);
    }

    [Fact]
    public async Task What_a_scrub_finds_is_named_in_its_log_and_counted()
    {
        await using StorageHarness store = await OpenAsync(VerifyReads.FirstRead);
        StorageDriver driver = store.Login();
        List<string> counted = [];
        using MeterListener listener = Listen(store, counted);
        KeptLog log = new();
        using OneLog logs = new(log);
        await driver.MakeAsync("/d");
        await driver.PutAsync("/d/a", Octets.Make(Small));
        ChangeByte(store, 10);
        CheckReport report = await ScrubAsync();
        Assert.Equal((1, 0), (report.FindingCount, report.RepairedCount));
        Assert.Contains(" of /d/a: ", Assert.Single(log.Lines), StringComparison.Ordinal);
        Assert.DoesNotContain('\n', log.Lines.Single());
        store.LoseObjects(_ => true);
        await ScrubAsync();
        Assert.Equal(["damaged scrub", "missing scrub"], counted);
        Assert.Equal(2, log.Lines.Count(line => line.Contains(" of /d/a: ", StringComparison.Ordinal)));

        async Task<CheckReport> ScrubAsync() =>
            await new Scrubber(store.Context.Objects, store.Metadata, new ScrubOptions { BytesPerSecond = 0 }, TimeProvider.System, logs, store.Context.Findings).RunAsync(null, Token);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(60_000)]
    public async Task A_range_is_refused_if_its_object_is_damaged_anywhere_and_sent_if_it_is_sound(int offset)
    {
        // The second object is the damaged one.
        await using StorageHarness store = await StorageHarness.OpenAsync(options => options with { VerifyReads = VerifyReads.Always, MaxObjectBytes = 64 << 10 });
        StorageDriver driver = store.Login();
        byte[] content = Octets.Make(2 * (64 << 10));
        await driver.PutAsync("/a", content);
        string second = Directory.EnumerateFiles(store.ObjectsDirectory, "*", SearchOption.AllDirectories).Order().Last();
        ChangeByte(second, 60_000);
        Assert.Equal(content[offset..(offset + 1_000)], await driver.GetAsync("/a", offset, 1_000));
        await FailsAsync(FtpError.Unavailable, () => driver.GetAsync("/a", (64 << 10) + offset, 1_000));
    }

    private static MeterListener Listen(StorageHarness store, List<string> counted)
    {
        MeterListener listener = new();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (store.Context.Findings.Owns(instrument))
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => counted.Add(string.Join(' ', tags.ToArray().Select(tag => tag.Value))));
        listener.Start();
        return listener;
    }

    private static Task<StorageHarness> OpenAsync(VerifyReads verify) => StorageHarness.OpenAsync(options => options with { VerifyReads = verify, MaxObjectBytes = 1 << 30 });

    private static void ChangeByte(StorageHarness store, long at) => ChangeByte(store.ObjectFile(), at);

    private static void ChangeByte(string path, long at)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        file.Position = at;
        int value = file.ReadByte();
        file.Position = at;
        file.WriteByte((byte)(value ^ 1));
    }

    /// <summary>Reads as the engine sends: from the file.</summary>
    private static async Task<byte[]> SendAsync(StorageDriver driver, long offset, string path = "/a")
    {
        await using IDownload download = await driver.OpenReadAsync(At(path), offset, Token);
        IFileBackedDownload files = Assert.IsAssignableFrom<IFileBackedDownload>(download);
        using MemoryStream read = new();
        while (await files.NextRegionAsync(Token) is FileRegion region)
        {
            byte[] buffer = new byte[region.Length];
            RandomAccess.Read(region.File.SafeFileHandle, buffer, region.Offset);
            read.Write(buffer);
        }
        return read.ToArray();
    }

    private sealed class OneLog(KeptLog log) : ILoggerFactory
    {
        public ILogger CreateLogger(string categoryName) => log;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public void Dispose()
        {
        }
    }
}
