using System.Runtime.CompilerServices;
using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Samples.Worker;

/// <summary>Files below a directory of the disk, to read. Symbolic links are not shown, since they could lead out of it.</summary>
internal sealed class DirectoryDriver(string root) : StreamDriver
{
    public override ValueTask<FtpEntry?> GetFileInfoAsync(FtpPath path, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Find(path) is { } found ? ToEntry(found, path.Name) : null);

    public override async IAsyncEnumerable<FtpEntry> ListFilesAsync(FtpPath directory, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (Find(directory) is not { } found)
            throw new FtpDriverException(FtpError.NotFound);
        if (found is not DirectoryInfo info)
            throw new FtpDriverException(FtpError.NotADirectory);
        // the engine counts on the order, and the system gives none
        foreach (FileSystemInfo member in info.EnumerateFileSystemInfos().OrderBy(static member => member.Name, FtpText.OctetOrder))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (member.LinkTarget is null)
                yield return ToEntry(member, member.Name);
        }
        await Task.CompletedTask;
    }

    protected override ValueTask<Stream> OpenReadStreamAsync(FtpPath path, CancellationToken cancellationToken)
    {
        try
        {
            string file = (Find(path) ?? throw new FtpDriverException(FtpError.NotFound)).FullName;
            return ValueTask.FromResult<Stream>(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous));
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new FtpDriverException(FtpError.PermissionDenied, exception.Message, exception);
        }
        catch (IOException exception)
        {
            throw new FtpDriverException(FtpError.Unavailable, exception.Message, exception);
        }
    }

    private static FtpEntry ToEntry(FileSystemInfo found, string name) => new()
    {
        Name = name,
        Kind = found is DirectoryInfo ? FtpEntryKind.Directory : FtpEntryKind.File,
        Size = found is FileInfo file ? file.Length : 0,
        ModifiedUtc = found.LastWriteTimeUtc,
        Mode = found is DirectoryInfo ? 0b101_101_101 : 0b100_100_100,
    };

    private FileSystemInfo? Find(FtpPath path)
    {
        FileSystemInfo found = new DirectoryInfo(root);
        foreach (string name in path.Components)
        {
            if (found is not DirectoryInfo || name.AsSpan().IndexOfAny(Path.GetInvalidFileNameChars()) >= 0)
                return null;
            string full = Path.Combine(found.FullName, name);
            found = Directory.Exists(full) ? new DirectoryInfo(full) : new FileInfo(full);
            if (!found.Exists || found.LinkTarget is not null)
                return null;
        }
        return found.Exists ? found : null;
    }
}
