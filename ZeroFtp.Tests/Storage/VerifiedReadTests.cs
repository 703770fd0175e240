using System.Diagnostics.Metrics;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage;
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
        using MeterListener listener = new();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (store.Context.Findings.Owns(instrument))
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => counted.Add(string.Join(' ', tags.ToArray().Select(tag => tag.Value))));
        listener.Start();
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

    private static Task<StorageHarness> OpenAsync(VerifyReads verify) => StorageHarness.OpenAsync(options => options with { VerifyReads = verify, MaxObjectBytes = 1 << 30 });

    private static void ChangeByte(StorageHarness store, long at)
    {
        using FileStream file = new(store.ObjectFile(), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
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
}
