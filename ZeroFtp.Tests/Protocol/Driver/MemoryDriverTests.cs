using System.IO.Pipelines;
using System.Text;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Memory;

namespace ZeroFtp.Tests.Protocol.Driver;

public sealed class MemoryDriverTests
{
    private readonly MemoryTree _tree = MemoryFixture.CreateTree();
    private readonly MemoryDriver _driver;

    public MemoryDriverTests() => _driver = new MemoryDriver(_tree, "alice");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Entries_are_listed_in_the_order_of_their_octets()
    {
        string[] names = await NamesAsync("/docs");
        Assert.Equal([" lead", "-l", ".hidden", "20200102030405 f", "a*b", "a.txt", "crlf.txt", "mixed.txt", "q\"uote", "sp ace.txt", "trail ", "ünï.txt"], names);
    }

    [Fact]
    public async Task Links_are_followed_and_dangling_ones_shown()
    {
        FtpEntry link = (await _driver.GetFileInfoAsync(FtpPath.Parse("/link"), Token))!;
        Assert.Equal(("link", FtpEntryKind.File, 12, "docs/a.txt"), (link.Name, link.Kind, link.Size, link.LinkTarget));
        Assert.Equal((await _driver.GetFileInfoAsync(FtpPath.Parse("/docs/a.txt"), Token))!.Unique, link.Unique);
        FtpEntry broken = (await _driver.GetFileInfoAsync(FtpPath.Parse("/broken"), Token))!;
        Assert.Equal((FtpEntryKind.DanglingLink, "nowhere"), (broken.Kind, broken.LinkTarget));
        Assert.Equal(12, (await _driver.GetFileInfoAsync(FtpPath.Parse("/dlink/a.txt"), Token))!.Size);
        Assert.Null(await _driver.GetFileInfoAsync(FtpPath.Parse("/broken/x"), Token));
    }

    [Fact]
    public async Task Links_neither_loop_nor_leave_the_root()
    {
        _tree.AddLink("/up/loop", "loop");
        _tree.AddLink("/up/out", "../../../bin.dat");
        Assert.Equal(FtpEntryKind.DanglingLink, (await _driver.GetFileInfoAsync(FtpPath.Parse("/up/loop"), Token))!.Kind);
        MemoryDriver jailed = new(_tree, "alice", FtpPath.Parse("/up"));
        Assert.Equal(FtpEntryKind.DanglingLink, (await jailed.GetFileInfoAsync(FtpPath.Parse("/out"), Token))!.Kind);
        Assert.Equal("", (await jailed.GetFileInfoAsync(FtpPath.Root, Token))!.Name);
    }

    [Fact]
    public async Task A_download_keeps_the_state_it_opened()
    {
        await using IDownload download = await _driver.OpenReadAsync(FtpPath.Parse("/docs/a.txt"), 6, Token);
        await UploadAsync("/docs/a.txt", UploadMode.Replace, "other");
        Assert.Equal(6, download.Length);
        MemoryStream stream = new();
        PipeWriter writer = PipeWriter.Create(stream);
        await download.CopyToAsync(writer, 3, Token);
        await writer.CompleteAsync();
        Assert.Equal("wor", Encoding.ASCII.GetString(stream.ToArray()));
        Assert.Equal("other", _tree.ReadText("/docs/a.txt"));
    }

    [Theory]
    [InlineData(UploadMode.Replace, 0, "XY")]
    [InlineData(UploadMode.Append, 0, "abcdefXY")]
    [InlineData(UploadMode.Overwrite, 1, "aXYdef")]
    [InlineData(UploadMode.Overwrite, 5, "abcdeXY")]
    [InlineData(UploadMode.Overwrite, 6, "abcdefXY")]
    public async Task Uploads_are_shown_by_their_commit(UploadMode mode, long offset, string expected)
    {
        _tree.AddFile("/up/f", "abcdef"u8);
        IUpload upload = await StartAsync("/up/f", mode, "XY", offset);
        Assert.Equal("abcdef", _tree.ReadText("/up/f"));
        FtpEntry entry = await upload.CommitAsync(Token);
        Assert.Equal(expected, _tree.ReadText("/up/f"));
        Assert.Equal((expected.Length, false), (entry.Size, entry.IsPartial));
    }

    // What stands at the path, how the upload was meant, what is there after it was cut, and whether that is partial.
    [Theory]
    [InlineData(null, UploadMode.Replace, 0, "XY", true)]
    [InlineData(null, UploadMode.CreateNew, 0, "XY", true)]
    [InlineData(null, UploadMode.Append, 0, "XY", true)]
    [InlineData("abc", UploadMode.Replace, 0, "abc", false)]
    [InlineData("abc", UploadMode.Append, 0, "abc", false)]
    [InlineData("abc", UploadMode.Overwrite, 1, "abc", false)]
    [InlineData("~a", UploadMode.Replace, 0, "XY", true)]
    [InlineData("~abc", UploadMode.Replace, 0, "abc", true)]
    [InlineData("~abc", UploadMode.Append, 0, "abcXY", true)]
    [InlineData("~abc", UploadMode.Overwrite, 3, "abcXY", true)]
    [InlineData("~abc", UploadMode.Overwrite, 2, "abXY", true)]
    public async Task An_interrupted_upload_leaves_what_helps(string? before, UploadMode mode, long offset, string after, bool isPartial)
    {
        if (before is ['~', ..])
            await (await StartAsync("/up/f", UploadMode.Replace, before[1..])).AbortAsync(UploadAbort.Interrupted, Token);
        else if (before is not null)
            _tree.AddFile("/up/f", Encoding.ASCII.GetBytes(before));
        IUpload upload = await StartAsync("/up/f", mode, "XY", offset);
        Assert.Equal(isPartial, await upload.AbortAsync(UploadAbort.Interrupted, Token));
        Assert.Equal(after, _tree.ReadText("/up/f"));
        Assert.Equal(isPartial, (await _driver.GetFileInfoAsync(FtpPath.Parse("/up/f"), Token))!.IsPartial);
    }

    [Fact]
    public async Task An_invalid_upload_and_one_without_commit_leave_nothing()
    {
        Assert.False(await (await StartAsync("/up/f", UploadMode.Replace, "XY")).AbortAsync(UploadAbort.Invalid, Token));
        await (await StartAsync("/up/f", UploadMode.Replace, "XY")).DisposeAsync();
        Assert.Empty(await NamesAsync("/up"));
    }

    [Fact]
    public async Task A_commit_ends_the_partial_state()
    {
        await (await StartAsync("/up/f", UploadMode.Replace, "ab")).AbortAsync(UploadAbort.Interrupted, Token);
        Assert.False((await UploadAsync("/up/f", UploadMode.Append, "cd")).IsPartial);
        Assert.Equal("abcd", _tree.ReadText("/up/f"));
    }

    [Theory]
    [InlineData("/nope/f", UploadMode.Replace, 0, FtpError.NotFound)]
    [InlineData("/zero/f", UploadMode.Replace, 0, FtpError.NotADirectory)]
    [InlineData("/up", UploadMode.Replace, 0, FtpError.IsADirectory)]
    [InlineData("/", UploadMode.Replace, 0, FtpError.IsADirectory)]
    [InlineData("/zero", UploadMode.CreateNew, 0, FtpError.AlreadyExists)]
    [InlineData("/zero", UploadMode.Overwrite, 1, FtpError.InvalidOffset)]
    [InlineData("/up/f", UploadMode.Overwrite, 5, FtpError.InvalidOffset)]
    [InlineData("/ro.txt", UploadMode.Replace, 0, FtpError.PermissionDenied)]
    public async Task Uploads_are_refused_before_they_begin(string path, UploadMode mode, long offset, FtpError error)
    {
        UploadRequest request = new() { Path = FtpPath.Parse(path), Mode = mode, Offset = offset };
        Assert.Equal(error, (await Assert.ThrowsAsync<FtpDriverException>(async () => await _driver.CheckWriteAsync(request, Token))).Error);
        Assert.Equal(error, (await Assert.ThrowsAsync<FtpDriverException>(async () => await _driver.OpenWriteAsync(request, Token))).Error);
    }

    [Fact]
    public async Task Quota_and_capacity_are_kept()
    {
        MemoryTree tree = new() { Capacity = 10 };
        MemoryDriver driver = new(tree, "alice", quotaBytes: 4);
        Assert.Equal(4, await driver.GetAvailableBytesAsync(FtpPath.Root, Token));
        Assert.Equal(FtpError.QuotaExceeded, (await Assert.ThrowsAsync<FtpDriverException>(() => UploadAsync("/f", UploadMode.Replace, "12345", driver))).Error);
        await UploadAsync("/f", UploadMode.Replace, "1234", driver);
        await driver.DeleteFileAsync(FtpPath.Parse("/f"), Token);
        await UploadAsync("/f", UploadMode.Replace, "4321", driver);
        Assert.Equal(new QuotaReport(4, 4, 1, null), await driver.GetQuotaAsync(Token));
        MemoryDriver other = new(tree, "bob");
        Assert.Equal(AllocationAnswer.InsufficientStorage, await other.CanAllocateAsync(7, Token));
        Assert.Equal(AllocationAnswer.Available, await other.CanAllocateAsync(6, Token));
        Assert.Equal(FtpError.InsufficientStorage, (await Assert.ThrowsAsync<FtpDriverException>(() => UploadAsync("/g", UploadMode.Replace, "1234567", other))).Error);
        Assert.Equal(4, tree.UsedBytes);
    }

    /// <summary>Each of them had room when its last byte came.</summary>
    [Fact]
    public async Task A_quota_holds_for_uploads_that_end_together()
    {
        MemoryTree tree = new();
        MemoryDriver driver = new(tree, "alice", quotaBytes: 4);
        IUpload[] uploads = [await StartAsync("/a", UploadMode.Replace, "123", 0, driver), await StartAsync("/b", UploadMode.Replace, "456", 0, driver)];
        await uploads[0].CommitAsync(Token);
        Assert.Equal(FtpError.QuotaExceeded, (await Assert.ThrowsAsync<FtpDriverException>(async () => await uploads[1].CommitAsync(Token))).Error);
        Assert.Equal(new QuotaReport(3, 4, 1, null), await driver.GetQuotaAsync(Token));
    }

    [Theory]
    [InlineData("/nope", "/x", FtpError.NotFound)]
    [InlineData("/zero", "/nope/x", FtpError.NotFound)]
    [InlineData("/docs", "/docs/q\"uote/x", FtpError.NameNotAllowed)]
    [InlineData("/zero", "/docs", FtpError.IsADirectory)]
    [InlineData("/empty", "/zero", FtpError.AlreadyExists)]
    [InlineData("/", "/up/x", FtpError.PermissionDenied)]
    public async Task Bad_renames_change_nothing(string from, string to, FtpError error)
    {
        Assert.Equal(error, (await Assert.ThrowsAsync<FtpDriverException>(async () => await _driver.RenameAsync(FtpPath.Parse(from), FtpPath.Parse(to), Token))).Error);
        Assert.Equal(["big.bin", "bin.dat", "broken", "dlink", "docs", "empty", "link", "noread.txt", "ro.txt", "up", "zero"], await NamesAsync("/"));
    }

    [Fact]
    public async Task A_name_that_is_too_long_is_refused_and_loses_nothing()
    {
        FtpPath path = FtpPath.Root.Append(new string('n', 256));
        Assert.Equal(FtpError.NameNotAllowed, (await Assert.ThrowsAsync<FtpDriverException>(async () => await _driver.RenameAsync(FtpPath.Parse("/zero"), path, Token))).Error);
        Assert.Equal(FtpError.NameNotAllowed, (await Assert.ThrowsAsync<FtpDriverException>(async () => await _driver.MakeDirectoryAsync(path, 0x1ED, Token))).Error);
        Assert.NotNull(await _driver.GetFileInfoAsync(FtpPath.Parse("/zero"), Token));
    }

    [Fact]
    public async Task A_rename_replaces_a_file_and_moves_a_tree()
    {
        await _driver.RenameAsync(FtpPath.Parse("/docs/a.txt"), FtpPath.Parse("/zero"), Token);
        await _driver.RenameAsync(FtpPath.Parse("/docs"), FtpPath.Parse("/up/docs"), Token);
        Assert.Equal("hello\nworld\n", _tree.ReadText("/zero"));
        Assert.Equal("a\r\nb\r\n", _tree.ReadText("/up/docs/crlf.txt"));
    }

    [Fact]
    public async Task Only_the_right_thing_is_removed()
    {
        await AssertErrorAsync(FtpError.NotEmpty, () => _driver.RemoveDirectoryAsync(FtpPath.Parse("/docs"), Token));
        await AssertErrorAsync(FtpError.NotADirectory, () => _driver.RemoveDirectoryAsync(FtpPath.Parse("/zero"), Token));
        await AssertErrorAsync(FtpError.IsADirectory, () => _driver.DeleteFileAsync(FtpPath.Parse("/empty"), Token));
        await AssertErrorAsync(FtpError.PermissionDenied, () => _driver.RemoveDirectoryAsync(FtpPath.Root, Token));
        await _driver.DeleteFileAsync(FtpPath.Parse("/dlink"), Token);
        await _driver.RemoveDirectoryAsync(FtpPath.Parse("/empty"), Token);
        Assert.NotNull(_tree.ReadFile("/docs/a.txt"));
        await _driver.RemoveTreeAsync(FtpPath.Parse("/docs"), Token);
        Assert.Equal(["big.bin", "bin.dat", "broken", "link", "noread.txt", "ro.txt", "up", "zero"], await NamesAsync("/"));
        Assert.Equal((10 << 20) + 256 + 4, _tree.UsedBytes);
    }

    [Fact]
    public async Task Parts_are_combined_and_files_copied()
    {
        await _driver.CombineAsync(FtpPath.Parse("/up/all"), [FtpPath.Parse("/docs/crlf.txt"), FtpPath.Parse("/docs/a.txt")], Token);
        Assert.Equal("a\r\nb\r\nhello\nworld\n", _tree.ReadText("/up/all"));
        Assert.Null(_tree.ReadFile("/docs/a.txt"));
        await AssertErrorAsync(FtpError.NotPossible, () => _driver.CombineAsync(FtpPath.Parse("/up/all"), [FtpPath.Parse("/up/all")], Token));
        await _driver.CopyAsync(FtpPath.Parse("/up/all"), FtpPath.Parse("/up/copy"), Token);
        await UploadAsync("/up/all", UploadMode.Replace, "new");
        Assert.Equal("a\r\nb\r\nhello\nworld\n", _tree.ReadText("/up/copy"));
    }

    [Fact]
    public async Task Facts_are_changed()
    {
        DateTime time = new(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc);
        FtpEntry entry = await _driver.ChangeFactsAsync(FtpPath.Parse("/docs/a.txt"), new FactChange { ModifiedUtc = time, Mode = 0b100_000_000 }, Token);
        Assert.Equal((time, 0b100_000_000), (entry.ModifiedUtc, entry.Mode));
        Assert.False(entry.Permissions!.Value.HasFlag(FtpPermissions.Write));
        Assert.Contains(await EntriesAsync("/docs"), listed => listed.Name == "a.txt" && listed.ModifiedUtc == time);
    }

    private static async Task AssertErrorAsync(FtpError error, Func<ValueTask> call) => Assert.Equal(error, (await Assert.ThrowsAsync<FtpDriverException>(async () => await call())).Error);

    private async Task<List<FtpEntry>> EntriesAsync(string path)
    {
        List<FtpEntry> entries = [];
        await foreach (FtpEntry entry in _driver.ListFilesAsync(FtpPath.Parse(path), Token))
            entries.Add(entry);
        return entries;
    }

    private async Task<string[]> NamesAsync(string path) => [.. (await EntriesAsync(path)).Select(entry => entry.Name)];

    private async Task<IUpload> StartAsync(string path, UploadMode mode, string content, long offset = 0, MemoryDriver? driver = null)
    {
        IUpload upload = await (driver ?? _driver).OpenWriteAsync(new UploadRequest { Path = FtpPath.Parse(path), Mode = mode, Offset = offset }, Token);
        await upload.CopyFromAsync(PipeReader.Create(new MemoryStream(Encoding.ASCII.GetBytes(content))), Token);
        return upload;
    }

    private async Task<FtpEntry> UploadAsync(string path, UploadMode mode, string content, MemoryDriver? driver = null)
    {
        await using IUpload upload = await StartAsync(path, mode, content, 0, driver);
        return await upload.CommitAsync(Token);
    }
}
