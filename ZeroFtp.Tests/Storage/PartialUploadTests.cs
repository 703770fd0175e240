using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Driver;
using ZeroFtp.Storage.Options;
using ZeroFtp.Tests.Storage.Support;

namespace ZeroFtp.Tests.Storage;

/// <summary>What an interrupted upload leaves: the table of architecture section 6.</summary>
public class PartialUploadTests
{
    private static readonly byte[] Whole = Octets.Make(250_000);

    private protected virtual Task<StorageHarness> OpenAsync(Func<StorageOptions, StorageOptions>? change = null) => StorageHarness.OpenAsync(change);

    [Theory]
    [InlineData(5_000)]
    [InlineData(200_000)]
    public async Task A_new_name_keeps_what_arrived(int arrived)
    {
        await using StorageHarness store = await OpenAsync();
        StorageDriver driver = store.Login();
        Assert.True(await driver.InterruptAsync("/p", Whole[..arrived]));
        FtpEntry entry = Assert.IsType<FtpEntry>(await driver.StatAsync("/p"));
        Assert.Equal((arrived, true), ((int)entry.Size, entry.IsPartial));
        Assert.Equal(Whole[..arrived], await driver.GetAsync("/p"));
        FtpEntry resumed = await driver.PutAsync("/p", Whole[arrived..], UploadMode.Overwrite, arrived);
        Assert.False(resumed.IsPartial);
        Assert.Equal(Whole, await driver.GetAsync("/p"));
        await store.AssertSoundAsync();
    }

    [Fact]
    public async Task Nothing_is_kept_of_nothing_of_wrong_content_or_against_the_option()
    {
        await using StorageHarness store = await OpenAsync();
        StorageDriver driver = store.Login();
        Assert.False(await driver.InterruptAsync("/p", []));
        Assert.False(await driver.InterruptAsync("/p", Whole, reason: UploadAbort.Invalid));
        Assert.Null(await driver.StatAsync("/p"));
        await store.AssertSoundAsync();
        await using StorageHarness strict = await OpenAsync(options => options with { KeepPartialUploads = false });
        driver = strict.Login();
        Assert.False(await driver.InterruptAsync("/p", Whole));
        Assert.Null(await driver.StatAsync("/p"));
        await strict.AssertSoundAsync();
    }

    [Fact]
    public async Task A_complete_file_stays_whatever_happens()
    {
        await using StorageHarness store = await OpenAsync();
        StorageDriver driver = store.Login();
        await driver.PutAsync("/a", Whole);
        Assert.False(await driver.InterruptAsync("/a", Whole[..9]));
        Assert.False(await driver.InterruptAsync("/a", Octets.Make(300_000, 2)));
        Assert.False(await driver.InterruptAsync("/a", Whole[..9], UploadMode.Append));
        Assert.False(await driver.InterruptAsync("/a", Whole[..9], UploadMode.Overwrite, 100));
        Assert.Equal(Whole, await driver.GetAsync("/a"));
        Assert.False((await driver.StatAsync("/a"))!.IsPartial);
        await store.AssertSoundAsync();
    }

    [Fact]
    public async Task A_second_attempt_leaves_the_longer_of_both()
    {
        await using StorageHarness store = await OpenAsync();
        StorageDriver driver = store.Login();
        await driver.InterruptAsync("/p", Whole[..100_000]);
        Assert.False(await driver.InterruptAsync("/p", Whole[..50_000]));
        Assert.Equal(Whole[..100_000], await driver.GetAsync("/p"));
        Assert.True(await driver.InterruptAsync("/p", Whole[..120_000]));
        Assert.Equal(Whole[..120_000], await driver.GetAsync("/p"));
        Assert.True((await driver.StatAsync("/p"))!.IsPartial);
        await store.AssertSoundAsync();
    }

    [Theory]
    [InlineData(UploadMode.Append)]
    [InlineData(UploadMode.Overwrite)]
    public async Task A_flaky_link_makes_progress(UploadMode mode)
    {
        await using StorageHarness store = await OpenAsync();
        StorageDriver driver = store.Login();
        await driver.InterruptAsync("/p", Whole[..30_000]);
        int size = 30_000;
        foreach (int step in (int[])[1, 40_000, 90_000, 7])
        {
            Assert.True(await driver.InterruptAsync("/p", Whole[size..(size + step)], mode, mode == UploadMode.Append ? 0 : size));
            size += step;
            Assert.Equal(Whole[..size], await driver.GetAsync("/p"));
            Assert.True((await driver.StatAsync("/p"))!.IsPartial);
        }
        await driver.PutAsync("/p", Whole[size..], mode, mode == UploadMode.Append ? 0 : size);
        Assert.Equal(Whole, await driver.GetAsync("/p"));
        Assert.False((await driver.StatAsync("/p"))!.IsPartial);
        await store.AssertSoundAsync();
    }
}
