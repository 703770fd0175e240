using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Protocol.Commands.Files;

/// <summary>Copies of files through the engine, for drivers that cannot copy or join by themselves.</summary>
internal static class FileCopy
{
    /// <summary>Copies one file; a file at the target is replaced when the copy is whole.</summary>
    public static async ValueTask CopyAsync(FtpSession session, FtpPath from, FtpPath to, CancellationToken cancellationToken)
    {
        if (session.Driver is ICopying copying)
        {
            await copying.CopyAsync(from, to, cancellationToken).ConfigureAwait(false);
            return;
        }
        FtpEntry entry = await Arguments.FileAsync(session, from, cancellationToken).ConfigureAwait(false);
        await MoveAsync(session, from, new UploadRequest { Path = to, Mode = UploadMode.Replace, ExpectedLength = entry.Size, FileMode = entry.Mode }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Appends one file to another.</summary>
    public static ValueTask AppendAsync(FtpSession session, FtpPath from, FtpPath to, CancellationToken cancellationToken) =>
        MoveAsync(session, from, new UploadRequest { Path = to, Mode = UploadMode.Append, FileMode = 0b110_110_110 & ~session.Umask }, cancellationToken);

    private static async ValueTask MoveAsync(FtpSession session, FtpPath from, UploadRequest request, CancellationToken cancellationToken)
    {
        await session.Driver.CheckWriteAsync(request, cancellationToken).ConfigureAwait(false);
        IDownload download = await session.Driver.OpenReadAsync(from, 0, cancellationToken).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable downloadScope = download.ConfigureAwait(false);
        IUpload upload = await session.Driver.OpenWriteAsync(request, cancellationToken).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable uploadScope = upload.ConfigureAwait(false);
        Pipe pipe = new(new PipeOptions(minimumSegmentSize: 64 * 1024, pauseWriterThreshold: 1024 * 1024, resumeWriterThreshold: 512 * 1024, useSynchronizationContext: false));
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task reading = ReadAsync(download, pipe.Writer, either.Token);
        try
        {
            await upload.CopyFromAsync(pipe.Reader, either.Token).ConfigureAwait(false);
        }
        catch
        {
            await either.CancelAsync().ConfigureAwait(false);
            await pipe.Reader.CompleteAsync().ConfigureAwait(false);
            await Task.WhenAny(reading).ConfigureAwait(false);
            throw;
        }
        await pipe.Reader.CompleteAsync().ConfigureAwait(false);
        await reading.ConfigureAwait(false);
        await upload.CommitAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task ReadAsync(IDownload download, PipeWriter writer, CancellationToken cancellationToken)
    {
        Exception? failure = null;
        try
        {
            await download.CopyToAsync(writer, null, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            failure = exception;
            throw;
        }
        finally
        {
            await writer.CompleteAsync(failure).ConfigureAwait(false);
        }
    }
}
