using System.IO.Pipelines;
using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Tests.Storage.Support;

/// <summary>What the engine does with a driver, in one call each.</summary>
internal static class DriverCalls
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static FtpPath At(string path) => FtpPath.Parse(path);

    public static async Task<FtpEntry> PutAsync(this IClientHandlingDriver driver, string path, byte[] bytes, UploadMode mode = UploadMode.Replace, long offset = 0, long? expected = null)
    {
        UploadRequest request = new() { Path = At(path), Mode = mode, Offset = offset, ExpectedLength = expected };
        await driver.CheckWriteAsync(request, Token);
        await using IUpload upload = await driver.OpenWriteAsync(request, Token);
        await upload.CopyFromAsync(PipeReader.Create(new MemoryStream(bytes), new StreamPipeReaderOptions(bufferSize: 10_000)), Token);
        return await upload.CommitAsync(Token);
    }

    /// <summary>Sends some bytes and then loses the client.</summary>
    public static async Task<bool> InterruptAsync(this IClientHandlingDriver driver, string path, byte[] bytes, UploadMode mode = UploadMode.Replace, long offset = 0, UploadAbort reason = UploadAbort.Interrupted)
    {
        UploadRequest request = new() { Path = At(path), Mode = mode, Offset = offset };
        await driver.CheckWriteAsync(request, Token);
        await using IUpload upload = await driver.OpenWriteAsync(request, Token);
        await Assert.ThrowsAsync<IOException>(async () => await upload.CopyFromAsync(PipeReader.Create(new BreakingStream(bytes), new StreamPipeReaderOptions(bufferSize: 10_000)), Token));
        return await upload.AbortAsync(reason, Token);
    }

    public static async Task<byte[]> GetAsync(this IClientHandlingDriver driver, string path, long offset = 0, long? limit = null)
    {
        await using IDownload download = await driver.OpenReadAsync(At(path), offset, Token);
        return await download.ReadAsync(limit);
    }

    public static async Task<byte[]> ReadAsync(this IDownload download, long? limit = null)
    {
        using MemoryStream stream = new();
        PipeWriter writer = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
        await download.CopyToAsync(writer, limit, Token);
        await writer.CompleteAsync();
        return stream.ToArray();
    }

    public static async Task<FtpEntry?> StatAsync(this IClientHandlingDriver driver, string path) => await driver.GetFileInfoAsync(At(path), Token);

    public static async Task<List<FtpEntry>> ListAsync(this IClientHandlingDriver driver, string path) => await driver.ListFilesAsync(At(path), Token).ToListAsync(Token);

    public static async Task MakeAsync(this IClientHandlingDriver driver, string path) => await driver.MakeDirectoryAsync(At(path), 0b111_101_101, Token);

    public static async Task FailsAsync(FtpError error, Func<Task> call)
    {
        FtpDriverException exception = await Assert.ThrowsAsync<FtpDriverException>(call);
        Assert.Equal(error, exception.Error);
    }
}
