using System.Runtime.CompilerServices;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Protocol.Commands.Files;

/// <summary>Walks trees for verbs that reach below one directory. Symbolic links are never followed; the number of entries is bounded.</summary>
internal static class TreeWalk
{
    /// <summary>All that is not a directory below <paramref name="root"/>.</summary>
    /// <exception cref="FtpDriverException">Busy: there are too many entries.</exception>
    public static async IAsyncEnumerable<(FtpPath Path, FtpEntry Entry)> FilesAsync(FtpSession session, FtpPath root, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Stack<FtpPath> pending = new([root]);
        int left = session.Options.Limits.MaxTreeEntries;
        while (pending.TryPop(out FtpPath directory))
        {
            await foreach (FtpEntry entry in session.Driver.ListFilesAsync(directory, cancellationToken).ConfigureAwait(false))
            {
                if (left-- == 0)
                    throw new FtpDriverException(FtpError.Busy, "The tree has too many entries.");
                FtpPath path = directory.Append(entry.Name);
                if (entry.IsDirectory && entry.LinkTarget is null)
                    pending.Push(path);
                else
                    yield return (path, entry);
            }
        }
    }

    /// <summary>Removes a directory and all it holds: at once if the driver can, otherwise from the leaves up.</summary>
    public static async ValueTask RemoveAsync(FtpSession session, FtpPath root, CancellationToken cancellationToken)
    {
        if (session.Driver is ITreeRemoving removing)
        {
            await removing.RemoveTreeAsync(root, cancellationToken).ConfigureAwait(false);
            return;
        }
        List<FtpPath> directories = [root];
        int left = session.Options.Limits.MaxTreeEntries;
        for (int i = 0; i < directories.Count; i++)
        {
            List<FtpPath> files = [];
            await foreach (FtpEntry entry in session.Driver.ListFilesAsync(directories[i], cancellationToken).ConfigureAwait(false))
            {
                if (left-- == 0)
                    throw new FtpDriverException(FtpError.Busy, "The tree has too many entries.");
                (entry.IsDirectory && entry.LinkTarget is null ? directories : files).Add(directories[i].Append(entry.Name));
            }
            foreach (FtpPath file in files)
                await session.Driver.DeleteFileAsync(file, cancellationToken).ConfigureAwait(false);
        }
        for (int i = directories.Count - 1; i >= 0; i--)
            await session.Driver.RemoveDirectoryAsync(directories[i], cancellationToken).ConfigureAwait(false);
    }
}
