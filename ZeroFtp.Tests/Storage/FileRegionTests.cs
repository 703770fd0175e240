using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Driver;
using ZeroFtp.Tests.Storage.Support;
using static ZeroFtp.Tests.Storage.Support.DriverCalls;

namespace ZeroFtp.Tests.Storage;

/// <summary>What only a store of files can do.</summary>
public sealed class FileRegionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Files_come_as_regions_for_the_engine_to_send()
    {
        await using StorageHarness store = await StorageHarness.OpenAsync();
        StorageDriver driver = store.Login();
        byte[] bytes = Octets.Make(200_000);
        await driver.PutAsync("/a", bytes);
        await using IDownload download = await driver.OpenReadAsync(At("/a"), 1_000, Token);
        Assert.Equal(199_000, download.Length);
        IFileBackedDownload files = Assert.IsAssignableFrom<IFileBackedDownload>(download);
        using MemoryStream read = new();
        int regions = 0;
        while (await files.NextRegionAsync(Token) is FileRegion region)
        {
            byte[] buffer = new byte[region.Length];
            region.File.Position = region.Offset;
            await region.File.ReadExactlyAsync(buffer, Token);
            read.Write(buffer);
            regions++;
        }
        Assert.Equal(bytes[1_000..], read.ToArray());
        Assert.Equal(4, regions);
    }
}
