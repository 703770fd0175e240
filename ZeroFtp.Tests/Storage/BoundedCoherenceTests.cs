using System.Collections.Frozen;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Accounts;
using ZeroFtp.Storage.Content;
using ZeroFtp.Storage.Driver;
using ZeroFtp.Storage.Metadata;
using ZeroFtp.Storage.Metadata.Cache;
using ZeroFtp.Tests.Storage.Support;
using static ZeroFtp.Tests.Storage.Support.DriverCalls;

namespace ZeroFtp.Tests.Storage;

/// <summary>A front-end whose memory may be old, and a directory that another one has moved away and made again under the same name.</summary>
public sealed class BoundedCoherenceTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Changes =>
        ["DELE", "STOR", "APPE", "RNTO from", "RNTO to", "MKD", "RMD", "RMDA", "MFMT", "SITE SYMLINK", "SITE CPTO", "COMB"];

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task A_change_through_an_old_path_meets_the_directory_that_has_the_name_now(string change)
    {
        await using StorageHarness store = await StorageHarness.OpenAsync(wrapMetadata: static metadata =>
            new CachedMetadataStore(((CachedMetadataStore)metadata).Inner, new DirectoryCacheOptions { Mode = CoherenceMode.Bounded, MaxAge = TimeSpan.FromHours(1) }, TimeProvider.System));
        IMetadataStore other = ((CachedMetadataStore)store.Metadata).Inner;
        StorageDriver driver = store.Login();
        await FillAsync(driver, 1);
        await driver.PutAsync("/outside", [9]);
        for (int i = 0; i < 4; i++)
        {
            foreach (string directory in (string[])["/", "/current", "/current/d"])
                await driver.ListAsync(directory);
        }
        long old = await store.IdAsync("/current");
        FileRow moved = (await other.ResolveAsync(IMetadataTree.Root, new[] { "current" }, Token)).Found[0];
        Assert.Equal(Outcome.Done, (await other.RenameAsync(moved, IMetadataTree.Root, "archive", Token)).Outcome);
        StorageContext context = new(other, store.Context.Objects, store.Context.Options, null, TimeProvider.System, store.Context.Logger);
        await FillAsync(new StorageDriver(context, new SessionAccount("alice", IMetadataTree.Root, FtpPermissions.All, FrozenDictionary<long, FtpPermissions>.Empty, null, null)), 2);
        Assert.Equal(old, await store.IdAsync("/current"));
        List<FileRow> before = await ListAsync(other, old);
        List<FileRow> filled = await ListAsync(other, (await other.ResolveAsync(IMetadataTree.Root, new[] { "current" }, Token)).Found[0].Id);

        await ChangeAsync(driver, change);

        Assert.Equal(before, await ListAsync(other, old));
        FileRow now = (await other.ResolveAsync(IMetadataTree.Root, new[] { "current" }, Token)).Found[0];
        Assert.NotEqual(filled, await ListAsync(other, now.Id));
        await store.AssertSoundAsync();
    }

    private static async Task FillAsync(StorageDriver driver, byte content)
    {
        await driver.MakeAsync("/current");
        await driver.PutAsync("/current/f", [content]);
        await driver.PutAsync("/current/g", [content, content]);
        await driver.MakeAsync("/current/d");
    }

    private static async Task ChangeAsync(StorageDriver driver, string change)
    {
        switch (change)
        {
            case "DELE":
                await driver.DeleteFileAsync(At("/current/f"), Token);
                break;
            case "STOR":
                await driver.PutAsync("/current/f", [3, 3, 3]);
                break;
            case "APPE":
                await driver.PutAsync("/current/f", [3], UploadMode.Append);
                break;
            case "RNTO from":
                await driver.RenameAsync(At("/current/f"), At("/renamed"), Token);
                break;
            case "RNTO to":
                await driver.RenameAsync(At("/outside"), At("/current/h"), Token);
                break;
            case "MKD":
                await driver.MakeAsync("/current/e");
                break;
            case "RMD":
                await driver.RemoveDirectoryAsync(At("/current/d"), Token);
                break;
            case "RMDA":
                await driver.RemoveTreeAsync(At("/current/d"), Token);
                break;
            case "MFMT":
                await driver.ChangeFactsAsync(At("/current/f"), new FactChange { ModifiedUtc = new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc) }, Token);
                break;
            case "SITE SYMLINK":
                await driver.CreateSymbolicLinkAsync(At("/current/l"), "f", Token);
                break;
            case "SITE CPTO":
                await driver.CopyAsync(At("/current/f"), At("/current/c"), Token);
                break;
            default:
                await driver.CombineAsync(At("/current/c"), [At("/current/f"), At("/current/g")], Token);
                break;
        }
    }

    private static async Task<List<FileRow>> ListAsync(IMetadataStore store, long directory)
    {
        List<FileRow> rows = [];
        await foreach (ReadOnlyMemory<FileRow> page in store.ListAsync(directory, Token))
            rows.AddRange(page.Span);
        return rows;
    }
}
