using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Driver;
using ZeroFtp.Tests.Storage.Support;
using static ZeroFtp.Tests.Storage.Support.DriverCalls;

namespace ZeroFtp.Tests.Storage;

/// <summary>Symbolic links: what removes them, what they tell of their targets, and how far they lead.</summary>
public sealed class LinkTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Removing_a_link_to_a_directory_removes_the_link()
    {
        await using StorageHarness store = await StorageHarness.OpenAsync();
        StorageDriver driver = store.Login();
        await driver.MakeAsync("/kept");
        await driver.PutAsync("/kept/f", [1]);
        await driver.CreateSymbolicLinkAsync(At("/link"), "kept", Token);
        await driver.RemoveDirectoryAsync(At("/link"), Token);
        await driver.CreateSymbolicLinkAsync(At("/link"), "nowhere", Token);
        await driver.RemoveDirectoryAsync(At("/link"), Token);
        Assert.Equal(["kept"], (await driver.ListAsync("/")).Select(static entry => entry.Name));
        Assert.Equal([1], await driver.GetAsync("/kept/f"));
    }

    [Fact]
    public async Task A_link_tells_nothing_of_a_target_that_a_rule_forbids()
    {
        await using StorageHarness store = await StorageHarness.OpenAsync();
        StorageDriver owner = store.Login();
        await owner.MakeAsync("/secret");
        await owner.MakeAsync("/secret/below");
        await owner.PutAsync("/secret/x", [1, 2, 3, 4, 5, 6, 7, 8]);
        await owner.PutAsync("/open", [1, 2, 3]);
        StorageDriver driver = store.Login("bob", rules: [(await store.IdAsync("/secret"), FtpPermissions.None)]);
        await driver.CreateSymbolicLinkAsync(At("/file"), "secret/x", Token);
        await driver.CreateSymbolicLinkAsync(At("/directory"), "secret/below", Token);
        await driver.CreateSymbolicLinkAsync(At("/seen"), "open", Token);
        foreach (FtpEntry entry in await driver.ListAsync("/"))
        {
            if (entry.LinkTarget is null)
                continue;
            FtpEntry? same = await driver.GetFileInfoAsync(At("/" + entry.Name), Token);
            FtpEntryKind kind = entry.Name == "seen" ? FtpEntryKind.File : FtpEntryKind.DanglingLink;
            Assert.Equal((kind, kind), (entry.Kind, same!.Kind));
            Assert.NotEqual(8, entry.Size);
            Assert.NotEqual(8, same.Size);
        }
        Assert.Equal(FtpEntryKind.File, (await owner.GetFileInfoAsync(At("/file"), Token))!.Kind);
    }

    [Fact]
    public async Task Links_to_the_parent_make_no_tree_without_end()
    {
        await using StorageHarness store = await StorageHarness.OpenAsync();
        StorageDriver driver = store.Login();
        await driver.MakeAsync("/a");
        await driver.PutAsync("/a/f", [1]);
        foreach (string name in (string[])["up", "too", "other"])
            await driver.CreateSymbolicLinkAsync(At("/a/" + name), "../a", Token);
        Assert.Equal([1], await driver.GetAsync("/a/up/too/f"));
        await FailsAsync(FtpError.LinkLoop, () => driver.GetAsync("/a/up/too/other/f"));
        await FailsAsync(FtpError.LinkLoop, () => driver.ChangeDirectoryAsync(At("/a/up/up/up"), Token).AsTask());
        Assert.Equal(FtpEntryKind.DanglingLink, (await driver.GetFileInfoAsync(At("/a/up/too/up"), Token))!.Kind);

        // A client that follows every link by its path ends soon: the directory, once through each of its links, and twice through each pair.
        int listed = 0;
        Queue<string> open = new(["/a"]);
        while (open.TryDequeue(out string? path))
        {
            listed++;
            Assert.InRange(listed, 1, 100);
            foreach (FtpEntry entry in await driver.ListAsync(path))
            {
                if (entry.IsDirectory)
                    open.Enqueue($"{path}/{entry.Name}");
            }
        }
        Assert.Equal(1 + 3 + 9, listed);
    }

    [Fact]
    public async Task A_link_may_lead_through_the_link_that_led_to_it()
    {
        await using StorageHarness store = await StorageHarness.OpenAsync();
        StorageDriver driver = store.Login();
        await driver.MakeAsync("/rel");
        await driver.MakeAsync("/rel/lib");
        await driver.PutAsync("/rel/lib/f", [1]);
        await driver.CreateSymbolicLinkAsync(At("/current"), "rel", Token);
        await driver.CreateSymbolicLinkAsync(At("/rel/shared"), "/current/lib", Token);
        Assert.Equal([1], await driver.GetAsync("/current/shared/f"));
    }
}
