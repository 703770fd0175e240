using System.IO.Pipelines;
using Microsoft.Extensions.Time.Testing;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Driver;
using ZeroFtp.Storage.Metadata;
using ZeroFtp.Tests.Storage.Support;
using static ZeroFtp.Tests.Storage.Support.DriverCalls;

namespace ZeroFtp.Tests.Storage;

public sealed class StorageDriverPermissionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_verb_needs_its_own_permission()
    {
        await using StorageHarness store = await StorageHarness.OpenAsync();
        StorageDriver owner = store.Login();
        await owner.MakeAsync("/d");
        await owner.PutAsync("/f", [1]);
        StorageDriver With(FtpPermissions missing) => store.Login(permissions: FtpPermissions.All & ~missing);
        await FailsAsync(FtpError.PermissionDenied, () => With(FtpPermissions.List).ListAsync("/"));
        await FailsAsync(FtpError.PermissionDenied, () => With(FtpPermissions.Read).GetAsync("/f"));
        await FailsAsync(FtpError.PermissionDenied, () => With(FtpPermissions.Read).CopyAsync(At("/f"), At("/g"), Token).AsTask());
        await FailsAsync(FtpError.PermissionDenied, () => With(FtpPermissions.Write).PutAsync("/g", [1]));
        await FailsAsync(FtpError.PermissionDenied, () => With(FtpPermissions.Write).PutAsync("/f", [1]));
        await FailsAsync(FtpError.PermissionDenied, () => With(FtpPermissions.Write).PutAsync("/f", [1], UploadMode.Overwrite, 1));
        await FailsAsync(FtpError.PermissionDenied, () => With(FtpPermissions.Write).CreateSymbolicLinkAsync(At("/l"), "f", Token).AsTask());
        await FailsAsync(FtpError.PermissionDenied, () => With(FtpPermissions.Append).PutAsync("/f", [1], UploadMode.Append));
        await FailsAsync(FtpError.PermissionDenied, () => With(FtpPermissions.Delete).DeleteFileAsync(At("/f"), Token).AsTask());
        await FailsAsync(FtpError.PermissionDenied, () => With(FtpPermissions.Delete).RemoveDirectoryAsync(At("/d"), Token).AsTask());
        await FailsAsync(FtpError.PermissionDenied, () => With(FtpPermissions.Delete).RemoveTreeAsync(At("/d"), Token).AsTask());
        await FailsAsync(FtpError.PermissionDenied, () => With(FtpPermissions.Delete).CombineAsync(At("/g"), [At("/f")], Token).AsTask());
        await FailsAsync(FtpError.PermissionDenied, () => With(FtpPermissions.Rename).RenameAsync(At("/f"), At("/g"), Token).AsTask());
        await FailsAsync(FtpError.PermissionDenied, () => With(FtpPermissions.MakeDirectory).MakeAsync("/e"));
        await FailsAsync(FtpError.PermissionDenied, () => With(FtpPermissions.ChangeFacts).ChangeFactsAsync(At("/f"), new FactChange { Mode = 0 }, Token).AsTask());
        Assert.Equal([("d", 0), ("f", 1)], (await owner.ListAsync("/")).Select(entry => (entry.Name, (int)entry.Size)));
    }

    [Fact]
    public async Task A_rule_holds_in_its_directory_and_below_until_the_next_one()
    {
        await using StorageHarness store = await StorageHarness.OpenAsync();
        StorageDriver owner = store.Login();
        await owner.MakeAsync("/in");
        await owner.MakeAsync("/in/sub");
        await owner.MakeAsync("/in/sub/open");
        await owner.PutAsync("/in/sub/open/f", [1]);
        StorageDriver driver = store.Login(
            "bob",
            FtpPermissions.ReadOnly,
            rules: [(await store.IdAsync("/in"), FtpPermissions.Write | FtpPermissions.MakeDirectory), (await store.IdAsync("/in/sub/open"), FtpPermissions.All)]);
        await FailsAsync(FtpError.PermissionDenied, () => driver.PutAsync("/x", [1]));
        await driver.PutAsync("/in/x", [1]);
        await driver.PutAsync("/in/sub/x", [1]);
        await FailsAsync(FtpError.PermissionDenied, () => driver.ListAsync("/in"));
        await FailsAsync(FtpError.PermissionDenied, () => driver.GetAsync("/in/sub/x"));
        await driver.ChangeDirectoryAsync(At("/in"), Token);
        Assert.Equal(["f"], (await driver.ListAsync("/in/sub/open")).Select(entry => entry.Name));
        Assert.Equal([1], await driver.GetAsync("/in/sub/open/f"));
        await FailsAsync(FtpError.PermissionDenied, () => driver.RenameAsync(At("/in/sub/x"), At("/in/sub/open/x"), Token).AsTask());
        FtpEntry shown = (await driver.ListAsync("/")).Single();
        Assert.Equal(FtpPermissions.Write | FtpPermissions.MakeDirectory, shown.Permissions);
        Assert.Equal(FtpPermissions.All, (await driver.StatAsync("/in/sub/open"))!.Permissions);
    }

    [Fact]
    public async Task A_tree_with_a_protected_directory_in_it_is_not_removed()
    {
        await using StorageHarness store = await StorageHarness.OpenAsync();
        StorageDriver owner = store.Login();
        await owner.MakeAsync("/t");
        await owner.MakeAsync("/t/u");
        await owner.MakeAsync("/t/u/keep");
        StorageDriver driver = store.Login(rules: [(await store.IdAsync("/t/u/keep"), FtpPermissions.ReadOnly)]);
        await FailsAsync(FtpError.PermissionDenied, () => driver.RemoveTreeAsync(At("/t"), Token).AsTask());
        Assert.NotNull(await owner.StatAsync("/t/u/keep"));
    }

    [Fact]
    public async Task A_directory_without_any_permission_cannot_be_entered()
    {
        await using StorageHarness store = await StorageHarness.OpenAsync();
        StorageDriver owner = store.Login();
        await owner.MakeAsync("/closed");
        StorageDriver driver = store.Login(rules: [(await store.IdAsync("/closed"), FtpPermissions.None)]);
        await FailsAsync(FtpError.PermissionDenied, () => driver.ChangeDirectoryAsync(At("/closed"), Token).AsTask());
        await FailsAsync(FtpError.PermissionDenied, () => driver.RemoveDirectoryAsync(At("/closed"), Token).AsTask());
    }

    [Fact]
    public async Task Quotas_hold_before_during_and_at_the_end_of_an_upload()
    {
        await using StorageHarness store = await StorageHarness.OpenAsync();
        StorageDriver driver = store.Login(quotaBytes: 100_000, quotaFiles: 3);
        await driver.PutAsync("/a", Octets.Make(60_000));
        await FailsAsync(FtpError.QuotaExceeded, () => driver.PutAsync("/b", Octets.Make(40_001)));
        await FailsAsync(FtpError.QuotaExceeded, () => driver.PutAsync("/b", [], expected: 40_001));
        Assert.Null(await driver.StatAsync("/b"));
        await driver.PutAsync("/a", Octets.Make(100_000));
        await FailsAsync(FtpError.QuotaExceeded, () => driver.PutAsync("/b", [1]));
        await FailsAsync(FtpError.QuotaExceeded, () => driver.PutAsync("/a", [1], UploadMode.Append));
        await driver.PutAsync("/a", Octets.Make(10), UploadMode.Overwrite, 5);
        await driver.PutAsync("/a", [1]);
        await driver.PutAsync("/b", [1]);
        await driver.PutAsync("/c", [1]);
        await FailsAsync(FtpError.QuotaExceeded, () => driver.PutAsync("/d", [1]));
        Assert.Equal(new QuotaReport(3, 100_000, 3, 3), await driver.GetQuotaAsync(Token));
        Assert.Equal(AllocationAnswer.Available, await driver.CanAllocateAsync(99_997, Token));
        Assert.Equal(AllocationAnswer.QuotaExceeded, await driver.CanAllocateAsync(99_998, Token));
        Assert.Equal(99_997, await driver.GetAvailableBytesAsync(At("/"), Token));
        Assert.Null(await store.Login("other").GetQuotaAsync(Token));
        await store.AssertSoundAsync();
    }

    /// <summary>Each of them had room when its last byte came; the one that is published first has it.</summary>
    /// <summary>What is added to another's file is that other's, so his limit holds; whoever replaces it owns a file more.</summary>
    [Fact]
    public async Task The_quota_is_the_one_of_whoever_owns_the_file_afterwards()
    {
        await using StorageHarness store = await StorageHarness.OpenAsync();
        AccountRow carol = new() { Name = "carol", Home = IMetadataTree.Root, QuotaBytes = 1_000 };
        Assert.Equal(Outcome.Done, await store.Metadata.SaveAccountAsync(carol, exists: false, null, Token));
        await store.Login("carol", quotaBytes: 1_000).PutAsync("/c1", Octets.Make(600));
        await store.Login("carol", quotaBytes: 1_000).PutAsync("/c2", [1]);
        StorageDriver dave = store.Login("dave", quotaBytes: 500, quotaFiles: 1);
        await dave.PutAsync("/c1", Octets.Make(399), UploadMode.Append);
        await FailsAsync(FtpError.QuotaExceeded, () => dave.PutAsync("/c1", [1], UploadMode.Append));
        await FailsAsync(FtpError.QuotaExceeded, () => store.Login("erin").PutAsync("/c1", [1, 2], UploadMode.Overwrite, 998));
        Assert.Equal(new QuotaReport(0, 500, 0, 1), await dave.GetQuotaAsync(Token));
        await dave.PutAsync("/c1", Octets.Make(500));
        await FailsAsync(FtpError.QuotaExceeded, () => dave.PutAsync("/c2", []));
        Assert.Equal(new QuotaReport(500, 500, 1, 1), await dave.GetQuotaAsync(Token));
        await store.AssertSoundAsync();
    }

    /// <summary>Two that began while there was room: the second must not get by the owner's limit at its end.</summary>
    [Fact]
    public async Task The_owners_quota_holds_at_the_end_of_an_append_too()
    {
        await using StorageHarness store = await StorageHarness.OpenAsync();
        await store.Metadata.SaveAccountAsync(new AccountRow { Name = "carol", Home = IMetadataTree.Root, QuotaBytes = 100, QuotaFiles = 1 }, exists: false, null, Token);
        await store.Login("carol", quotaBytes: 100, quotaFiles: 1).PutAsync("/c", [1]);
        StorageDriver dave = store.Login("dave");
        IUpload[] uploads = [await BeginAsync(), await BeginAsync()];
        foreach (IUpload upload in uploads)
            await upload.CopyFromAsync(PipeReader.Create(new MemoryStream(Octets.Make(60))), Token);
        await uploads[0].CommitAsync(Token);
        await FailsAsync(FtpError.QuotaExceeded, () => uploads[1].CommitAsync(Token).AsTask());
        foreach (IUpload upload in uploads)
            await upload.DisposeAsync();
        await store.AssertSoundAsync();

        async Task<IUpload> BeginAsync() => await dave.OpenWriteAsync(new UploadRequest { Path = At("/c"), Mode = UploadMode.Append }, Token);
    }

    [Theory]
    [InlineData(60_000, null, 100_000L)]
    [InlineData(1, 2L, null)]
    public async Task A_quota_holds_for_uploads_that_end_together(int length, long? files, long? bytes)
    {
        await using StorageHarness store = await StorageHarness.OpenAsync();
        StorageDriver driver = store.Login(quotaBytes: bytes, quotaFiles: files);
        await driver.PutAsync("/old", [1]);
        List<IUpload> uploads = [];
        foreach (string name in new[] { "/a", "/b", "/c" })
        {
            IUpload upload = await driver.OpenWriteAsync(new UploadRequest { Path = At(name), Mode = UploadMode.Replace }, Token);
            await upload.CopyFromAsync(PipeReader.Create(new MemoryStream(Octets.Make(length))), Token);
            uploads.Add(upload);
        }
        await uploads[0].CommitAsync(Token);
        await FailsAsync(FtpError.QuotaExceeded, () => uploads[1].CommitAsync(Token).AsTask());
        await FailsAsync(FtpError.QuotaExceeded, () => uploads[2].CommitAsync(Token).AsTask());
        foreach (IUpload upload in uploads)
            await upload.DisposeAsync();
        Assert.Equal(["a", "old"], (await driver.ListAsync("/")).Select(static entry => entry.Name).Order(StringComparer.Ordinal));
        await store.AssertSoundAsync();
    }

    [Fact]
    public async Task The_floor_of_free_space_stops_everything_that_grows()
    {
        long available = 10_000_000;
        FakeTimeProvider clock = new(DateTimeOffset.UtcNow);
        await using StorageHarness store = await StorageHarness.OpenAsync(options => options with { FreeSpaceFloorBytes = 1_000_000 }, available: () => available, clock: clock);
        StorageDriver driver = store.Login();
        await driver.PutAsync("/a", [1]);
        await FailsAsync(FtpError.InsufficientStorage, () => driver.PutAsync("/b", [], expected: 9_500_000));
        Assert.Equal(AllocationAnswer.InsufficientStorage, await driver.CanAllocateAsync(9_500_000, Token));
        available = 900_000;
        clock.Advance(TimeSpan.FromSeconds(1));
        await FailsAsync(FtpError.InsufficientStorage, () => driver.PutAsync("/b", [1]));
        await FailsAsync(FtpError.InsufficientStorage, () => driver.MakeAsync("/d"));
        await driver.DeleteFileAsync(At("/a"), Token);
    }
}
