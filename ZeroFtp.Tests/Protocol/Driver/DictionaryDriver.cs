using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Tests.Protocol.Driver;

/// <summary>The smallest useful driver: one flat directory of files in a dictionary. It shows what a driver over streams costs its author.</summary>
internal sealed class DictionaryDriver : StreamDriver
{
    public ConcurrentDictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal);

    public bool CanSeek { get; init; } = true;

    public override ValueTask<FtpEntry?> GetFileInfoAsync(FtpPath path, CancellationToken cancellationToken)
    {
        if (path.IsRoot)
            return ValueTask.FromResult<FtpEntry?>(new FtpEntry { Name = "", Kind = FtpEntryKind.Directory, Mode = 0b111_101_101 });
        return ValueTask.FromResult(path.Parent.IsRoot && Files.TryGetValue(path.Name, out byte[]? content) ? Entry(path.Name, content) : null);
    }

    public override async IAsyncEnumerable<FtpEntry> ListFilesAsync(FtpPath directory, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!directory.IsRoot)
            throw new FtpDriverException(await GetFileInfoAsync(directory, cancellationToken) is null ? FtpError.NotFound : FtpError.NotADirectory);
        foreach ((string name, byte[] content) in Files.OrderBy(file => file.Key, FtpText.OctetOrder))
            yield return Entry(name, content);
    }

    public override ValueTask DeleteFileAsync(FtpPath path, CancellationToken cancellationToken) =>
        Files.TryRemove(path.Name, out _) ? ValueTask.CompletedTask : throw new FtpDriverException(FtpError.NotFound);

    protected override ValueTask<Stream> OpenReadStreamAsync(FtpPath path, CancellationToken cancellationToken) =>
        ValueTask.FromResult<Stream>(CanSeek ? new MemoryStream(Files[path.Name]) : new OneWayStream(Files[path.Name]));

    protected override async ValueTask<Stream> OpenWriteStreamAsync(UploadRequest request, CancellationToken cancellationToken)
    {
        MemoryStream stream = new();
        if (request.Mode is UploadMode.Append or UploadMode.Overwrite && Files.TryGetValue(request.Path.Name, out byte[]? content))
            await stream.WriteAsync(content, cancellationToken);
        return stream;
    }

    protected override ValueTask<FtpEntry> CommitAsync(UploadRequest request, Stream content, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Entry(request.Path.Name, Files[request.Path.Name] = ((MemoryStream)content).ToArray()));

    private static FtpEntry Entry(string name, byte[] content) => new() { Name = name, Kind = FtpEntryKind.File, Size = content.Length };

    private sealed class OneWayStream(byte[] content) : MemoryStream(content)
    {
        public override bool CanSeek => false;

        public override long Seek(long offset, SeekOrigin loc) => throw new NotSupportedException();
    }
}
