using System.Buffers;
using System.IO.Pipelines;
using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Storage.Driver;

/// <summary>The messages of directories, shown to users who change into them.</summary>
internal sealed partial class StorageDriver
{
    private const int MaxMessageBytes = 8 << 10;

    /// <summary>Returns the lines of the directory's message, or null if there is none that the account may read.</summary>
    private async ValueTask<IReadOnlyList<string>?> ReadMessageAsync(FtpPath directory, CancellationToken cancellationToken)
    {
        if (context.Options.DirectoryMessageFile is not string name)
            return null;
        try
        {
            IDownload download = await OpenReadAsync(directory.Append(name), 0, cancellationToken).ConfigureAwait(false);
            await using (download.ConfigureAwait(false))
            {
                if (download.Length is not (> 0 and <= MaxMessageBytes))
                    return null;
                Pipe pipe = new(new PipeOptions(pauseWriterThreshold: 0));
                await download.CopyToAsync(pipe.Writer, null, cancellationToken).ConfigureAwait(false);
                await pipe.Writer.CompleteAsync().ConfigureAwait(false);
                ReadResult read = await pipe.Reader.ReadAtLeastAsync(MaxMessageBytes, cancellationToken).ConfigureAwait(false);
                return [.. FtpText.Decode(read.Buffer.ToArray()).TrimEnd().ReplaceLineEndings("\n").Split('\n')];
            }
        }
        catch (FtpDriverException)
        {
            // There is no message, it may not be read, or it cannot be: the directory can be entered anyway.
            return null;
        }
    }
}
