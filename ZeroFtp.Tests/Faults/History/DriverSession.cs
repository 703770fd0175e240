using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Driver;
using ZeroFtp.Tests.Storage.Support;

namespace ZeroFtp.Tests.Faults.History;

/// <summary>One client of a history that calls the driver in this process, where a test says what happens when.</summary>
internal sealed class DriverSession(StorageDriver driver, HistoryRecorder recorder, int client)
{
    public Task<HistoryEnd> StoreAsync(string path, string mark, int length = 10) => RunAsync(HistoryVerb.Store, path, mark, async () => await PutAsync(path, mark, length, UploadMode.Replace));

    public Task<HistoryEnd> AppendAsync(string path, string mark, int length = 10) => RunAsync(HistoryVerb.Append, path, mark, async () => await PutAsync(path, mark, length, UploadMode.Append));

    public Task<HistoryEnd> RenameAsync(string from, string to) => RunAsync(HistoryVerb.Rename, from, to, () => driver.RenameAsync(At(from), At(to), CancellationToken.None).AsTask());

    public Task<HistoryEnd> DeleteAsync(string path) => RunAsync(HistoryVerb.Delete, path, "", () => driver.DeleteFileAsync(At(path), CancellationToken.None).AsTask());

    public Task<HistoryEnd> MakeAsync(string path) => RunAsync(HistoryVerb.Make, path, "", () => driver.MakeDirectoryAsync(At(path), 0b111_101_101, CancellationToken.None).AsTask());

    public Task<HistoryEnd> RemoveAsync(string path) => RunAsync(HistoryVerb.Remove, path, "", () => driver.RemoveDirectoryAsync(At(path), CancellationToken.None).AsTask());

    public Task<HistoryEnd> ReadAsync(string path) =>
        RecordAsync(HistoryVerb.Read, path, "", async () => HistoryContent.Read(await driver.GetAsync("/" + path)));

    private static FtpPath At(string path) => FtpPath.Parse("/" + path);

    private async Task PutAsync(string path, string mark, int length, UploadMode mode) => await driver.PutAsync("/" + path, HistoryContent.Make(mark, length), mode);

    private Task<HistoryEnd> RunAsync(HistoryVerb verb, string path, string value, Func<Task> run) => RecordAsync(verb, path, value, async () =>
    {
        await run();
        return null;
    });

    private Task<HistoryEnd> RecordAsync(HistoryVerb verb, string path, string value, Func<Task<string?>> run) =>
        recorder.RunAsync(new HistoryOperation { Client = client, Verb = verb, Path = path, Value = value }, async _ =>
        {
            try
            {
                return (HistoryEnd.Done, await run());
            }
            catch (FtpDriverException fault)
            {
                // Nothing fails in these stories but what is planted: a file that cannot be read holds nothing that was ever written.
                if (verb == HistoryVerb.Read && fault.Error == FtpError.Unavailable)
                    return (HistoryEnd.Done, "unreadable");
                return (fault.Error is FtpError.Unavailable or FtpError.Busy ? HistoryEnd.Unknown : HistoryEnd.Refused, null);
            }
        });
}
