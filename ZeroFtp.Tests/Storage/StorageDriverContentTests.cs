using System.IO.Hashing;
using System.IO.Pipelines;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Driver;
using ZeroFtp.Storage.Options;
using ZeroFtp.Tests.Storage.Support;
using static ZeroFtp.Tests.Storage.Support.DriverCalls;

namespace ZeroFtp.Tests.Storage;

public class StorageDriverContentTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected virtual Task<StorageHarness> OpenAsync(Func<StorageOptions, StorageOptions>? change = null) => StorageHarness.OpenAsync(change);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(3_000_000)]
    public async Task What_was_stored_is_fetched(int length)
    {
        await using StorageHarness store = await OpenAsync();
        StorageDriver driver = store.Login();
        byte[] bytes = Octets.Make(length);
        FtpEntry entry = await driver.PutAsync("/a.bin", bytes);
        Assert.Equal(("a.bin", FtpEntryKind.File, length, "alice", false), (entry.Name, entry.Kind, entry.Size, entry.Owner, entry.IsPartial));
        Assert.Equal(bytes, await driver.GetAsync("/a.bin"));
        Assert.Equal(entry with { Permissions = null }, await driver.StatAsync("/a.bin"));
        await store.AssertSoundAsync();
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(65_535, 2)]
    [InlineData(65_536, 65_536)]
    [InlineData(70_001, 200_000)]
    [InlineData(299_999, 1)]
    [InlineData(300_000, 0)]
    [InlineData(100, null)]
    public async Task Any_stretch_is_fetched(long offset, int? limit)
    {
        await using StorageHarness store = await OpenAsync();
        StorageDriver driver = store.Login();
        byte[] bytes = Octets.Make(300_000);
        await driver.PutAsync("/a", bytes);
        int end = limit is int most ? (int)offset + most : bytes.Length;
        Assert.Equal(bytes[(int)offset..end], await driver.GetAsync("/a", offset, limit));
    }

    [Fact]
    public async Task A_download_keeps_reading_what_it_opened()
    {
        await using StorageHarness store = await OpenAsync();
        StorageDriver driver = store.Login();
        byte[] old = Octets.Make(500_000, 1);
        byte[] young = Octets.Make(400_000, 2);
        await driver.PutAsync("/a", old);
        await using (IDownload download = await driver.OpenReadAsync(At("/a"), 0, Token))
        {
            await driver.PutAsync("/a", young);
            await store.Collector.CollectAsync(Token);
            Assert.Equal(old, await download.ReadAsync());
        }
        Assert.Equal(young, await driver.GetAsync("/a"));
        await store.AssertSoundAsync();
    }

    [Fact]
    public async Task Nobody_sees_an_upload_before_it_is_committed()
    {
        await using StorageHarness store = await OpenAsync();
        StorageDriver driver = store.Login();
        await driver.PutAsync("/a", [1, 2, 3]);
        await using (IUpload upload = await driver.OpenWriteAsync(new UploadRequest { Path = At("/a"), Mode = UploadMode.Replace }, Token))
        {
            await upload.CopyFromAsync(System.IO.Pipelines.PipeReader.Create(new MemoryStream(Octets.Make(100_000))), Token);
            Assert.Equal([1, 2, 3], await driver.GetAsync("/a"));
        }
        Assert.Equal([1, 2, 3], await driver.GetAsync("/a"));
        await store.AssertSoundAsync();
    }

    [Fact]
    public async Task Appending_adds_at_the_end_and_creates()
    {
        await using StorageHarness store = await OpenAsync();
        StorageDriver driver = store.Login();
        byte[] bytes = Octets.Make(200_000);
        await driver.PutAsync("/log", bytes[..70_000], UploadMode.Append);
        await driver.PutAsync("/log", bytes[70_000..70_001], UploadMode.Append);
        await driver.PutAsync("/log", [], UploadMode.Append);
        await driver.PutAsync("/log", bytes[70_001..], UploadMode.Append);
        Assert.Equal(bytes, await driver.GetAsync("/log"));
        await store.AssertSoundAsync();
    }

    [Fact]
    public async Task Many_small_appends_leave_few_objects()
    {
        await using StorageHarness store = await OpenAsync();
        StorageDriver driver = store.Login();
        byte[] bytes = Octets.Make(300 * 1_000);
        for (int i = 0; i < 300; i++)
            await driver.PutAsync("/log", bytes[(i * 1_000)..((i + 1) * 1_000)], UploadMode.Append);
        Assert.Equal(bytes, await driver.GetAsync("/log"));
        await store.AssertSoundAsync();
        long objects = store.CountObjects();
        Assert.InRange(objects, 1, 15);
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(65_530, 12)]
    [InlineData(1_000, 199_000)]
    [InlineData(200_000, 5)]
    [InlineData(199_990, 100_000)]
    [InlineData(70_000, 0)]
    public async Task Overwriting_keeps_what_lies_before_and_beyond(int offset, int length)
    {
        await using StorageHarness store = await OpenAsync();
        StorageDriver driver = store.Login();
        byte[] bytes = Octets.Make(200_000, 1);
        byte[] patch = Octets.Make(length, 2);
        await driver.PutAsync("/a", bytes);
        await driver.PutAsync("/a", patch, UploadMode.Overwrite, offset);
        byte[] expected = [.. bytes[..offset], .. patch, .. bytes[Math.Min(bytes.Length, offset + length)..]];
        Assert.Equal(expected, await driver.GetAsync("/a"));
        Assert.Equal(expected.Length, (await driver.StatAsync("/a"))!.Size);
        await store.AssertSoundAsync();
    }

    [Fact]
    public async Task Overwriting_beyond_the_end_is_refused()
    {
        await using StorageHarness store = await OpenAsync();
        StorageDriver driver = store.Login();
        await driver.PutAsync("/a", [1, 2, 3]);
        await FailsAsync(FtpError.InvalidOffset, () => driver.PutAsync("/a", [1], UploadMode.Overwrite, 4));
        await FailsAsync(FtpError.InvalidOffset, () => driver.PutAsync("/new", [1], UploadMode.Overwrite, 1));
        await FailsAsync(FtpError.InvalidOffset, () => driver.GetAsync("/a", 4));
        Assert.Empty(await driver.GetAsync("/a", 3));
        await driver.PutAsync("/new", [7], UploadMode.Overwrite, 0);
        Assert.Equal([7], await driver.GetAsync("/new"));
    }

    [Fact]
    public async Task A_unique_name_must_be_free()
    {
        await using StorageHarness store = await OpenAsync();
        StorageDriver driver = store.Login();
        await driver.PutAsync("/a", [1], UploadMode.CreateNew);
        await FailsAsync(FtpError.AlreadyExists, () => driver.PutAsync("/a", [2], UploadMode.CreateNew));
        await using IUpload late = await driver.OpenWriteAsync(new UploadRequest { Path = At("/b"), Mode = UploadMode.CreateNew }, Token);
        await driver.PutAsync("/b", [3]);
        await late.CopyFromAsync(System.IO.Pipelines.PipeReader.Create(new MemoryStream([4])), Token);
        await FailsAsync(FtpError.AlreadyExists, async () => await late.CommitAsync(Token));
        Assert.Equal([3], await driver.GetAsync("/b"));
    }

    [Fact]
    public async Task Copying_and_combining_move_no_octet()
    {
        await using StorageHarness store = await OpenAsync();
        StorageDriver driver = store.Login();
        byte[] bytes = Octets.Make(200_000);
        await driver.PutAsync("/a", bytes[..100_000]);
        await driver.PutAsync("/b", bytes[100_000..]);
        long objects = store.CountObjects();
        await driver.CopyAsync(At("/a"), At("/c"), Token);
        await driver.CombineAsync(At("/c"), [At("/b")], Token);
        Assert.Equal(bytes, await driver.GetAsync("/c"));
        Assert.Equal(bytes[..100_000], await driver.GetAsync("/a"));
        Assert.Null(await driver.StatAsync("/b"));
        Assert.Equal(objects, store.CountObjects());
        await driver.DeleteFileAsync(At("/a"), Token);
        await store.AssertSoundAsync();
        Assert.Equal(bytes, await driver.GetAsync("/c"));
        await driver.CombineAsync(At("/new"), [At("/c")], Token);
        Assert.Equal(bytes, await driver.GetAsync("/new"));
        await FailsAsync(FtpError.NotFound, () => driver.CombineAsync(At("/x"), [At("/new"), At("/gone")], Token).AsTask());
        Assert.Equal(bytes, await driver.GetAsync("/new"));
        await FailsAsync(FtpError.NameNotAllowed, () => driver.CombineAsync(At("/new"), [At("/new")], Token).AsTask());
    }

    /// <summary>Two devices that append to one log which neither of them found: both were answered, so both lines must be there.</summary>
    [Theory]
    [InlineData(100)]
    [InlineData(3_000_000)]
    public async Task Of_two_appends_to_a_new_name_the_second_goes_behind_the_first(int length)
    {
        await using StorageHarness store = await OpenAsync();
        StorageDriver driver = store.Login();
        byte[] first = Octets.Make(length, 1), second = Octets.Make(length, 2);
        UploadRequest request = new() { Path = At("/log"), Mode = UploadMode.Append };
        await using IUpload one = await driver.OpenWriteAsync(request, Token), other = await driver.OpenWriteAsync(request, Token);
        await one.CopyFromAsync(PipeReader.Create(new MemoryStream(first)), Token);
        await other.CopyFromAsync(PipeReader.Create(new MemoryStream(second)), Token);
        await one.CommitAsync(Token);
        Assert.Equal(2 * length, (await other.CommitAsync(Token)).Size);
        byte[] both = [.. first, .. second];
        Assert.Equal(both, await driver.GetAsync("/log"));
        await store.AssertSoundAsync();
    }

    [Fact]
    public async Task An_append_to_a_new_name_that_others_took_needs_the_right_to_append()
    {
        await using StorageHarness store = await OpenAsync();
        StorageDriver driver = store.Login(permissions: FtpPermissions.All & ~FtpPermissions.Append);
        await using IUpload upload = await driver.OpenWriteAsync(new UploadRequest { Path = At("/log"), Mode = UploadMode.Append }, Token);
        await upload.CopyFromAsync(PipeReader.Create(new MemoryStream([1])), Token);
        await store.Login("carol").PutAsync("/log", [2, 3]);
        await Assert.ThrowsAsync<FtpDriverException>(async () => await upload.CommitAsync(Token));
        await upload.AbortAsync(UploadAbort.Invalid, Token);
        Assert.Equal([2, 3], await driver.GetAsync("/log"));
        await store.AssertSoundAsync();
    }

    [Fact]
    public async Task A_removed_object_is_reported_and_never_served_as_less()
    {
        await using StorageHarness store = await OpenAsync();
        StorageDriver driver = store.Login();
        await driver.PutAsync("/a", Octets.Make(200_000));
        store.LoseObjects(at => at == 2);
        await FailsAsync(FtpError.Unavailable, () => driver.GetAsync("/a"));
    }
}
