using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Driver;
using ZeroFtp.Storage.Options;
using ZeroFtp.Tests.Storage.Support;
using static ZeroFtp.Tests.Storage.Support.DriverCalls;

namespace ZeroFtp.Tests.Storage;

public class StorageDriverTreeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected virtual Task<StorageHarness> OpenAsync(Func<StorageOptions, StorageOptions>? change = null) => StorageHarness.OpenAsync(change);

    [Fact]
    public async Task The_message_of_a_directory_is_told_to_those_who_may_read_it()
    {
        await using StorageHarness store = await OpenAsync(options => options with { DirectoryMessageFile = ".message" });
        StorageDriver driver = store.Login();
        foreach (string directory in (string[])["/none", "/short", "/long", "/dir"])
            await driver.MakeAsync(directory);
        await driver.PutAsync("/short/.message", "One.\r\nTwo ü.\n\n"u8.ToArray());
        await driver.PutAsync("/long/.message", new byte[(8 << 10) + 1]);
        await driver.MakeAsync("/dir/.message");
        Assert.Equal(["One.", "Two ü."], await driver.ChangeDirectoryAsync(At("/short"), Token));
        Assert.Null(await store.Login(permissions: FtpPermissions.List).ChangeDirectoryAsync(At("/short"), Token));
        foreach (string directory in (string[])["/none", "/long", "/dir"])
            Assert.Null(await driver.ChangeDirectoryAsync(At(directory), Token));
    }

    [Fact]
    public async Task Directories_are_made_listed_and_removed()
    {
        await using StorageHarness store = await OpenAsync();
        StorageDriver driver = store.Login();
        await driver.MakeAsync("/d");
        await driver.MakeAsync("/d/é");
        await driver.PutAsync("/d/b", [1]);
        await driver.PutAsync("/d/ a ", [1, 2]);
        List<FtpEntry> entries = await driver.ListAsync("/d");
        Assert.Equal([(" a ", 2, false), ("b", 1, false), ("é", 0, true)], entries.Select(entry => (entry.Name, (int)entry.Size, entry.IsDirectory)));
        Assert.All(entries, entry => Assert.Null(entry.Permissions));
        await FailsAsync(FtpError.AlreadyExists, () => driver.MakeAsync("/d"));
        await FailsAsync(FtpError.NotFound, () => driver.MakeAsync("/x/y"));
        await FailsAsync(FtpError.NotADirectory, () => driver.MakeAsync("/d/b/c"));
        await FailsAsync(FtpError.NotEmpty, () => driver.RemoveDirectoryAsync(At("/d"), Token).AsTask());
        await FailsAsync(FtpError.NotADirectory, () => driver.RemoveDirectoryAsync(At("/d/b"), Token).AsTask());
        await FailsAsync(FtpError.IsADirectory, () => driver.DeleteFileAsync(At("/d/é"), Token).AsTask());
        await FailsAsync(FtpError.NotFound, () => driver.DeleteFileAsync(At("/d/zz"), Token).AsTask());
        await FailsAsync(FtpError.IsADirectory, () => driver.PutAsync("/d", [1]));
        await FailsAsync(FtpError.NotADirectory, () => driver.PutAsync("/d/b/c", [1]));
        await FailsAsync(FtpError.IsADirectory, () => driver.GetAsync("/d"));
        await FailsAsync(FtpError.NotADirectory, () => driver.ListAsync("/d/b"));
        await driver.RemoveTreeAsync(At("/d"), Token);
        Assert.Empty(await driver.ListAsync("/"));
        await store.AssertSoundAsync();
    }

    [Fact]
    public async Task The_root_is_a_directory_that_nobody_can_take_away()
    {
        await using StorageHarness store = await OpenAsync();
        StorageDriver driver = store.Login();
        FtpEntry root = Assert.IsType<FtpEntry>(await driver.StatAsync("/"));
        Assert.Equal(("", true), (root.Name, root.IsDirectory));
        await FailsAsync(FtpError.PermissionDenied, () => driver.RemoveDirectoryAsync(At("/"), Token).AsTask());
        await FailsAsync(FtpError.PermissionDenied, () => driver.RemoveTreeAsync(At("/"), Token).AsTask());
        await FailsAsync(FtpError.PermissionDenied, () => driver.RenameAsync(At("/"), At("/x"), Token).AsTask());
        await FailsAsync(FtpError.AlreadyExists, () => driver.MakeAsync("/"));
    }

    [Fact]
    public async Task Renaming_moves_and_replaces()
    {
        await using StorageHarness store = await OpenAsync();
        StorageDriver driver = store.Login();
        await driver.MakeAsync("/d");
        await driver.MakeAsync("/e");
        await driver.PutAsync("/d/a", [1]);
        await driver.PutAsync("/b", [2]);
        await driver.RenameAsync(At("/b"), At("/d/a"), Token);
        Assert.Equal([2], await driver.GetAsync("/d/a"));
        await driver.RenameAsync(At("/d"), At("/e/d"), Token);
        Assert.Equal([2], await driver.GetAsync("/e/d/a"));
        await FailsAsync(FtpError.NameNotAllowed, () => driver.RenameAsync(At("/e"), At("/e/d/e"), Token).AsTask());
        await FailsAsync(FtpError.IsADirectory, () => driver.RenameAsync(At("/e/d/a"), At("/e"), Token).AsTask());
        await FailsAsync(FtpError.NotFound, () => driver.RenameAsync(At("/gone"), At("/x"), Token).AsTask());
        await FailsAsync(FtpError.NotFound, () => driver.RenameAsync(At("/e"), At("/gone/x"), Token).AsTask());
        await driver.RenameAsync(At("/e/d/a"), At("/e/d/a"), Token);
        Assert.Equal([2], await driver.GetAsync("/e/d/a"));
        await store.AssertSoundAsync();
    }

    [Fact]
    public async Task A_session_never_leaves_its_home()
    {
        await using StorageHarness store = await OpenAsync();
        StorageDriver root = store.Login();
        await root.PutAsync("/secret", [1]);
        await root.MakeAsync("/home");
        StorageDriver driver = store.Login(home: await store.IdAsync("/home"));
        await driver.PutAsync("/mine", [2]);
        Assert.Equal([2], await root.GetAsync("/home/mine"));
        await driver.CreateSymbolicLinkAsync(At("/up"), "../secret", Token);
        await driver.CreateSymbolicLinkAsync(At("/abs"), "/mine", Token);
        Assert.Equal(FtpEntryKind.DanglingLink, (await driver.StatAsync("/up"))!.Kind);
        Assert.Equal([2], await driver.GetAsync("/abs"));
        await driver.PutAsync("/up", [3]);
        Assert.Equal([3], await driver.GetAsync("/secret"));
        Assert.Equal([1], await root.GetAsync("/secret"));
    }

    [Fact]
    public async Task Links_are_followed_but_not_for_ever()
    {
        await using StorageHarness store = await OpenAsync();
        StorageDriver driver = store.Login();
        await driver.MakeAsync("/d");
        await driver.PutAsync("/d/f", [1, 2]);
        await driver.CreateSymbolicLinkAsync(At("/l"), "d/f", Token);
        await driver.CreateSymbolicLinkAsync(At("/d/up"), "../d", Token);
        await driver.CreateSymbolicLinkAsync(At("/loop"), "loop", Token);
        Assert.Equal([1, 2], await driver.GetAsync("/l"));
        Assert.Equal([1, 2], await driver.GetAsync("/d/up/f"));
        await FailsAsync(FtpError.LinkLoop, () => driver.GetAsync("/d/up/up/up/f"));
        FtpEntry link = (await driver.StatAsync("/l"))!;
        Assert.Equal(("l", FtpEntryKind.File, 2, "d/f"), (link.Name, link.Kind, (int)link.Size, link.LinkTarget));
        Assert.Equal(FtpEntryKind.DanglingLink, (await driver.StatAsync("/loop"))!.Kind);
        await FailsAsync(FtpError.LinkLoop, () => driver.GetAsync("/loop"));
        Assert.Equal(
            [("d", FtpEntryKind.Directory, null), ("l", FtpEntryKind.File, "d/f"), ("loop", FtpEntryKind.DanglingLink, "loop")],
            (await driver.ListAsync("/")).Select(entry => (entry.Name, entry.Kind, entry.LinkTarget)));
        Assert.Equal(["f", "up"], (await driver.ListAsync("/d/up")).Select(entry => entry.Name));
        await FailsAsync(FtpError.AlreadyExists, () => driver.CreateSymbolicLinkAsync(At("/l"), "x", Token).AsTask());
        await driver.RemoveDirectoryAsync(At("/d/up"), Token);
        await driver.DeleteFileAsync(At("/l"), Token);
        Assert.Equal([1, 2], await driver.GetAsync("/d/f"));
        await driver.RemoveTreeAsync(At("/d"), Token);
        await store.AssertSoundAsync();
    }

    [Fact]
    public async Task Facts_change_together()
    {
        await using StorageHarness store = await OpenAsync();
        StorageDriver driver = store.Login();
        await driver.PutAsync("/a", [1]);
        DateTime modified = new(2002, 7, 17, 21, 7, 15, DateTimeKind.Utc);
        DateTime born = new(1999, 12, 31, 23, 59, 59, DateTimeKind.Utc);
        FtpEntry entry = await driver.ChangeFactsAsync(At("/a"), new FactChange { ModifiedUtc = modified, CreatedUtc = born, Mode = 0b110_000_000 }, Token);
        Assert.Equal((modified, born, 0b110_000_000), (entry.ModifiedUtc, entry.CreatedUtc!.Value, entry.Mode));
        Assert.Equal(entry, await driver.StatAsync("/a"));
        await FailsAsync(FtpError.NotFound, () => driver.ChangeFactsAsync(At("/b"), new FactChange { Mode = 0 }, Token).AsTask());
        await driver.PutAsync("/a", [1, 2]);
        entry = (await driver.StatAsync("/a"))!;
        Assert.Equal((born, 0b110_000_000), (entry.CreatedUtc!.Value, entry.Mode));
        Assert.NotEqual(modified, entry.ModifiedUtc);
    }

    [Fact]
    public async Task Any_name_survives_that_is_not_too_long()
    {
        await using StorageHarness store = await OpenAsync();
        StorageDriver driver = store.Login();
        string raw = FtpText.Decode([.. Enumerable.Range(0x80, 0x80).Select(value => (byte)value)]);
        string[] names = ["$(id);|&", " a  b ", "a\\b", "\"q\"", "*", "~", "%", raw, new string('x', 255), new string('é', 255), string.Concat(Enumerable.Repeat("😀", 255))];
        foreach (string name in names)
            await driver.PutAsync("/" + name, [1]);
        Assert.Equal(names.Order(StringComparer.Ordinal), (await driver.ListAsync("/")).Select(entry => entry.Name).Order(StringComparer.Ordinal));
        await driver.DeleteFileAsync(At("/" + raw), Token);
        foreach (string name in (string[])[new string('x', 256), "a\rb", "a\nb"])
        {
            await FailsAsync(FtpError.NameNotAllowed, () => driver.PutAsync("/" + name, [1]));
            await FailsAsync(FtpError.NameNotAllowed, () => driver.MakeAsync("/" + name));
            await FailsAsync(FtpError.NameNotAllowed, () => driver.RenameAsync(At("/*"), At("/" + name), Token).AsTask());
            Assert.Null(await driver.StatAsync("/" + name));
        }
    }

    [Fact]
    public async Task A_very_deep_path_is_simply_not_there()
    {
        await using StorageHarness store = await OpenAsync();
        StorageDriver driver = store.Login();
        Assert.Null(await driver.StatAsync(string.Concat(Enumerable.Repeat("/d", 5_000))));
        string path = "";
        for (int i = 0; i < 40; i++)
            await driver.MakeAsync(path += "/d");
        await driver.PutAsync(path + "/f", [9]);
        Assert.Equal([9], await driver.GetAsync(path + "/f"));
    }
}
