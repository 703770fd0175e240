using System.Runtime.CompilerServices;
using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Samples.AspNetCore;

/// <summary>One flat directory of files in a dictionary. An upload goes to a stream of its own and is shown when it is whole.</summary>
internal sealed class DictionaryDriver(DictionaryStore store) : StreamDriver
{
    public override ValueTask<FtpEntry?> GetFileInfoAsync(FtpPath path, CancellationToken cancellationToken)
    {
        if (path.IsRoot)
            return ValueTask.FromResult<FtpEntry?>(new FtpEntry { Name = "", Kind = FtpEntryKind.Directory, Mode = 0b111_101_101 });
        return ValueTask.FromResult(path.Parent.IsRoot && store.Files.TryGetValue(path.Name, out StoredFile? file) ? ToEntry(path.Name, file) : null);
    }

    public override async IAsyncEnumerable<FtpEntry> ListFilesAsync(FtpPath directory, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!directory.IsRoot)
            throw new FtpDriverException(await GetFileInfoAsync(directory, cancellationToken) is null ? FtpError.NotFound : FtpError.NotADirectory);
        // the engine counts on the order
        foreach ((string name, StoredFile file) in store.Files.OrderBy(static file => file.Key, FtpText.OctetOrder))
            yield return ToEntry(name, file);
    }

    public override ValueTask DeleteFileAsync(FtpPath path, CancellationToken cancellationToken) =>
        path.Parent.IsRoot && store.Files.TryRemove(path.Name, out _) ? ValueTask.CompletedTask : throw new FtpDriverException(FtpError.NotFound);

    protected override ValueTask<Stream> OpenReadStreamAsync(FtpPath path, CancellationToken cancellationToken) =>
        store.Files.TryGetValue(path.Name, out StoredFile? file)
            ? ValueTask.FromResult<Stream>(new MemoryStream(file.Content, writable: false))
            : throw new FtpDriverException(FtpError.NotFound);

    protected override ValueTask<Stream> OpenWriteStreamAsync(UploadRequest request, CancellationToken cancellationToken)
    {
        MemoryStream stream = new();
        if (request.Mode is UploadMode.Append or UploadMode.Overwrite && store.Files.TryGetValue(request.Path.Name, out StoredFile? present))
            stream.Write(present.Content);
        return ValueTask.FromResult<Stream>(stream);
    }

    protected override ValueTask<FtpEntry> CommitAsync(UploadRequest request, Stream content, CancellationToken cancellationToken)
    {
        StoredFile file = new(((MemoryStream)content).ToArray(), DateTime.UtcNow);
        store.Files[request.Path.Name] = file;
        return ValueTask.FromResult(ToEntry(request.Path.Name, file));
    }

    private static FtpEntry ToEntry(string name, StoredFile file) => new() { Name = name, Kind = FtpEntryKind.File, Size = file.Content.Length, ModifiedUtc = file.ModifiedUtc };
}
