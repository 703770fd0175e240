using System.IO.Pipelines;
using System.Text;
using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Tests.Protocol.Driver;

public sealed class StreamDriverTests
{
    private static readonly FtpPath Path = FtpPath.Parse("/f");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true, 0, null, "abcdef")]
    [InlineData(true, 2, null, "cdef")]
    [InlineData(true, 2, 3L, "cde")]
    [InlineData(true, 6, null, "")]
    [InlineData(false, 0, null, "abcdef")]
    [InlineData(false, 2, 3L, "cde")]
    [InlineData(false, 6, null, "")]
    [InlineData(true, 0, 0L, "")]
    public async Task Files_are_read_from_an_offset_on(bool canSeek, long offset, long? limit, string expected)
    {
        DictionaryDriver driver = new() { CanSeek = canSeek };
        driver.Files["f"] = "abcdef"u8.ToArray();
        await using IDownload download = await driver.OpenReadAsync(Path, offset, Token);
        Assert.Equal(canSeek ? 6 - offset : null, download.Length);
        MemoryStream stream = new();
        PipeWriter writer = PipeWriter.Create(stream);
        await download.CopyToAsync(writer, limit, Token);
        await writer.CompleteAsync();
        Assert.Equal(expected, Encoding.ASCII.GetString(stream.ToArray()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_offset_beyond_the_end_is_refused(bool canSeek)
    {
        DictionaryDriver driver = new() { CanSeek = canSeek };
        driver.Files["f"] = "abcdef"u8.ToArray();
        Assert.Equal(FtpError.InvalidOffset, (await Assert.ThrowsAsync<FtpDriverException>(async () => await driver.OpenReadAsync(Path, 7, Token))).Error);
    }

    [Fact]
    public async Task What_is_not_a_file_is_not_read()
    {
        DictionaryDriver driver = new();
        Assert.Equal(FtpError.NotFound, (await Assert.ThrowsAsync<FtpDriverException>(async () => await driver.OpenReadAsync(Path, 0, Token))).Error);
        Assert.Equal(FtpError.IsADirectory, (await Assert.ThrowsAsync<FtpDriverException>(async () => await driver.OpenReadAsync(FtpPath.Root, 0, Token))).Error);
    }

    [Theory]
    [InlineData(UploadMode.Replace, 0, "XY")]
    [InlineData(UploadMode.Append, 0, "abcdefXY")]
    [InlineData(UploadMode.Overwrite, 1, "aXYdef")]
    public async Task Uploads_are_shown_by_their_commit(UploadMode mode, long offset, string expected)
    {
        DictionaryDriver driver = new();
        driver.Files["f"] = "abcdef"u8.ToArray();
        await using IUpload upload = await driver.OpenWriteAsync(new UploadRequest { Path = Path, Mode = mode, Offset = offset }, Token);
        await upload.CopyFromAsync(PipeReader.Create(new MemoryStream("XY"u8.ToArray())), Token);
        Assert.Equal("abcdef", Encoding.ASCII.GetString(driver.Files["f"]));
        Assert.Equal(expected.Length, (await upload.CommitAsync(Token)).Size);
        Assert.Equal(expected, Encoding.ASCII.GetString(driver.Files["f"]));
    }

    [Fact]
    public async Task An_aborted_upload_leaves_the_old_file()
    {
        DictionaryDriver driver = new();
        driver.Files["f"] = "abc"u8.ToArray();
        await using IUpload upload = await driver.OpenWriteAsync(new UploadRequest { Path = Path, Mode = UploadMode.Replace }, Token);
        await upload.CopyFromAsync(PipeReader.Create(new MemoryStream("XY"u8.ToArray())), Token);
        Assert.False(await upload.AbortAsync(UploadAbort.Interrupted, Token));
        Assert.Equal("abc", Encoding.ASCII.GetString(driver.Files["f"]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData((256 << 10) - 1)]
    [InlineData(256 << 10)]
    [InlineData(1_000_000)]
    public async Task What_arrives_is_written_in_large_pieces(int length)
    {
        byte[] content = new byte[length];
        Random.Shared.NextBytes(content);
        PieceStream stream = new();
        await using StreamUpload upload = new(stream, _ => ValueTask.FromResult(new FtpEntry { Name = "f", Kind = FtpEntryKind.File }));
        await upload.CopyFromAsync(PipeReader.Create(new MemoryStream(content), new StreamPipeReaderOptions(bufferSize: 1000)), Token);
        Assert.Equal(content, stream.ToArray());
        Assert.All(stream.Pieces.SkipLast(1), piece => Assert.Equal(256 << 10, piece));
    }

    [Fact]
    public async Task Failures_of_the_stream_are_failures_of_the_store()
    {
        await using StreamDownload download = new(new BrokenStream(), 5);
        Assert.Equal(FtpError.Unavailable, (await Assert.ThrowsAsync<FtpDriverException>(async () => await download.CopyToAsync(PipeWriter.Create(new MemoryStream()), null, Token))).Error);
        await using StreamUpload upload = new(new BrokenStream(), _ => throw new InvalidOperationException());
        Assert.Equal(
            FtpError.Unavailable, (await Assert.ThrowsAsync<FtpDriverException>(async () => await upload.CopyFromAsync(PipeReader.Create(new MemoryStream(new byte[10])), Token))).Error);
    }

    [Fact]
    public async Task What_a_driver_does_not_offer_is_not_possible()
    {
        DictionaryDriver driver = new();
        Assert.Equal(FtpError.NotPossible, (await Assert.ThrowsAsync<FtpDriverException>(async () => await driver.MakeDirectoryAsync(Path, 0, Token))).Error);
        Assert.Equal(FtpError.NotPossible, (await Assert.ThrowsAsync<FtpDriverException>(async () => await driver.RenameAsync(Path, Path, Token))).Error);
        Assert.Equal(FtpError.NotPossible, (await Assert.ThrowsAsync<FtpDriverException>(async () => await driver.RemoveDirectoryAsync(Path, Token))).Error);
    }

    [Fact]
    public async Task What_a_driver_overrides_is_what_the_engine_calls()
    {
        OwnChecks own = new();
        IClientHandlingDriver driver = own;
        UploadRequest request = new() { Path = Path, Mode = UploadMode.Replace };
        Assert.Equal(FtpError.NameNotAllowed, (await Assert.ThrowsAsync<FtpDriverException>(async () => await driver.CheckWriteAsync(request, Token))).Error);
        Assert.Equal(FtpError.NameNotAllowed, (await Assert.ThrowsAsync<FtpDriverException>(async () => await driver.OpenWriteAsync(request, Token))).Error);
        Assert.Equal(["hello"], await driver.ChangeDirectoryAsync(FtpPath.Root, Token));
        Assert.Equal(AllocationAnswer.InsufficientStorage, await driver.CanAllocateAsync(1, Token));
    }

    [Fact]
    public async Task What_a_driver_does_not_override_is_what_the_interface_does()
    {
        DictionaryDriver driver = new();
        driver.Files["f"] = "abc"u8.ToArray();
        await driver.CheckWriteAsync(new UploadRequest { Path = Path, Mode = UploadMode.Overwrite, Offset = 3 }, Token);
        UploadRequest beyond = new() { Path = Path, Mode = UploadMode.Overwrite, Offset = 4 };
        Assert.Equal(FtpError.InvalidOffset, (await Assert.ThrowsAsync<FtpDriverException>(async () => await driver.CheckWriteAsync(beyond, Token))).Error);
        Assert.Null(await driver.ChangeDirectoryAsync(FtpPath.Root, Token));
        Assert.Equal(FtpError.NotADirectory, (await Assert.ThrowsAsync<FtpDriverException>(async () => await driver.ChangeDirectoryAsync(Path, Token))).Error);
        Assert.Equal(AllocationAnswer.NotChecked, await driver.CanAllocateAsync(1, Token));
    }

    private sealed class OwnChecks : StreamDriver
    {
        public override ValueTask<FtpEntry?> GetFileInfoAsync(FtpPath path, CancellationToken cancellationToken) => ValueTask.FromResult<FtpEntry?>(null);

        public override IAsyncEnumerable<FtpEntry> ListFilesAsync(FtpPath directory, CancellationToken cancellationToken) => throw new NotSupportedException();

        public override ValueTask CheckWriteAsync(UploadRequest request, CancellationToken cancellationToken) => throw new FtpDriverException(FtpError.NameNotAllowed);

        public override ValueTask<IReadOnlyList<string>?> ChangeDirectoryAsync(FtpPath path, CancellationToken cancellationToken) => ValueTask.FromResult<IReadOnlyList<string>?>(["hello"]);

        public override ValueTask<AllocationAnswer> CanAllocateAsync(long length, CancellationToken cancellationToken) => ValueTask.FromResult(AllocationAnswer.InsufficientStorage);

        protected override ValueTask<Stream> OpenReadStreamAsync(FtpPath path, CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    private sealed class PieceStream : MemoryStream
    {
        public List<int> Pieces { get; } = [];

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Pieces.Add(buffer.Length);
            return base.WriteAsync(buffer, cancellationToken);
        }
    }

    private sealed class BrokenStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw new IOException("broken");

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => throw new IOException("broken");
    }
}
