using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Driver;
using ZeroFtp.Storage.Metadata;
using ZeroFtp.Tests.Storage.Support;
using static ZeroFtp.Tests.Storage.Support.DriverCalls;

namespace ZeroFtp.Tests.Storage;

public class StorageDriverJoinTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Small_files_that_are_joined_again_and_again_become_few_extents()
    {
        await using StorageHarness store = await StorageHarness.OpenAsync();
        StorageDriver driver = store.Login();
        await driver.PutAsync("/t", [7]);
        for (int i = 0; i < 12; i++)
        {
            await driver.CopyAsync(At("/t"), At("/p"), Token);
            await driver.CombineAsync(At("/t"), [At("/p")], Token);
        }
        Assert.Equal(Enumerable.Repeat((byte)7, 4_096), await driver.GetAsync("/t"));
        Assert.Single((await store.Metadata.ReadContentAsync(IMetadataTree.Root, "t", 0, 100, Token))!.Extents);
        await store.AssertSoundAsync();
    }

    [Fact]
    public async Task Small_neighbours_are_written_as_one_object_and_long_ones_referred_to()
    {
        await using StorageHarness store = await StorageHarness.OpenAsync();
        StorageDriver driver = store.Login();
        byte[] bytes = Octets.Make(300_000);
        // Objects are of 65,536 bytes: each part but the first ends with a small one.
        int[] cuts = [0, 65_536, 65_536 + 70_000, 65_536 + 70_100, 300_000];
        for (int i = 0; i < 4; i++)
            await driver.PutAsync($"/p{i}", bytes[cuts[i]..cuts[i + 1]]);
        await driver.CombineAsync(At("/whole"), [At("/p0"), At("/p1"), At("/p2"), At("/p3")], Token);
        Assert.Equal(bytes, await driver.GetAsync("/whole"));
        IReadOnlyList<Extent> extents = (await store.Metadata.ReadContentAsync(IMetadataTree.Root, "whole", 0, 100, Token))!.Extents;
        Assert.Equal([65_536, 65_536, 4_564, 65_536, 65_536, 33_292], extents.Select(static x => x.Length));
        await store.AssertSoundAsync();
    }

    [Fact]
    public async Task A_file_of_too_many_pieces_is_refused_and_everything_stays()
    {
        await using StorageHarness store = await StorageHarness.OpenAsync(static options => options with { MaxFileExtents = 16 });
        StorageDriver driver = store.Login();
        await driver.PutAsync("/t", Octets.Make(40_000));
        long size = 40_000;
        FtpDriverException? refusal = null;
        while (refusal is null && size < 100_000_000)
        {
            await driver.CopyAsync(At("/t"), At("/p"), Token);
            refusal = await Record.ExceptionAsync(() => driver.CombineAsync(At("/t"), [At("/p")], Token).AsTask()) as FtpDriverException;
            size = refusal is null ? size * 2 : size;
        }
        Assert.Equal(FtpError.TooFragmented, refusal?.Error);
        Assert.Contains("storage:maxFileExtents", refusal!.Message, StringComparison.Ordinal);
        Assert.Equal((size, size), ((await driver.StatAsync("/t"))!.Size, (await driver.StatAsync("/p"))!.Size));
        await store.AssertSoundAsync();
    }

    [Fact]
    public async Task Joining_is_refused_only_for_a_result_that_exceeds_the_quota()
    {
        await using StorageHarness store = await StorageHarness.OpenAsync();
        StorageDriver driver = store.Login(quotaBytes: 100_000, quotaFiles: 2);
        await driver.PutAsync("/a", Octets.Make(50_000));
        await driver.PutAsync("/b", Octets.Make(50_000));
        await FailsAsync(FtpError.QuotaExceeded, () => driver.CopyAsync(At("/a"), At("/c"), Token).AsTask());
        await driver.CombineAsync(At("/whole"), [At("/a"), At("/b")], Token);
        Assert.Equal(100_000, (await driver.StatAsync("/whole"))!.Size);
        Assert.Equal(new Usage(100_000, 1), await store.Metadata.GetUsageAsync("alice", Token));
        await FailsAsync(FtpError.NotFound, () => driver.CombineAsync(At("/whole"), [At("/a")], Token).AsTask());
        await store.AssertSoundAsync();
    }

    [Fact]
    public async Task Of_sessions_that_join_the_same_parts_one_succeeds_and_the_others_find_none()
    {
        await using StorageHarness store = await StorageHarness.OpenAsync();
        StorageDriver driver = store.Login();
        for (int round = 0; round < 5; round++)
        {
            await driver.PutAsync("/p1", Octets.Make(100));
            await driver.PutAsync("/p2", Octets.Make(100_000));
            Exception?[] ends = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(() =>
                Record.ExceptionAsync(() => store.Login().CombineAsync(At($"/whole{round}-{i}"), [At("/p1"), At("/p2")], Token).AsTask()).AsTask())));
            Assert.Single(ends, static end => end is null);
            Assert.All(ends.OfType<Exception>(), static end => Assert.Equal(FtpError.NotFound, Assert.IsType<FtpDriverException>(end).Error));
        }
        Assert.Equal(5, (await store.Metadata.GetUsageAsync("alice", Token)).Files);
        await store.AssertSoundAsync();
    }
}
