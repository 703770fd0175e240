using System.IO.Pipelines;
using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Protocol.Memory;

/// <summary>Gathers what arrives beside the tree, and shows it there all at once.</summary>
internal sealed class MemoryDriverUpload(MemoryDriver driver, UploadRequest request) : IUpload
{
    private readonly MemoryDriverContent.Builder _received = new();

    public async ValueTask CopyFromAsync(PipeReader source, CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadResult result = await source.ReadAsync(cancellationToken).ConfigureAwait(false);
            foreach (ReadOnlyMemory<byte> segment in result.Buffer)
                _received.Append(segment.Span);
            source.AdvanceTo(result.Buffer.End);
            if (result.IsCanceled)
                throw new OperationCanceledException("The read was cancelled.");
            driver.CheckRoom(_received.Length);
            if (result.IsCompleted)
                return;
        }
    }

    public ValueTask<FtpEntry> CommitAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (driver.Tree.Gate)
        {
            MemoryDriverNode? file = driver.FindForWriting(request);
            MemoryDriverContent content = Merge(file);
            driver.CheckRoom(content.Length - (file?.Content.Length ?? 0));
            return ValueTask.FromResult(driver.Publish(request, file, content, isPartial: false));
        }
    }

    public ValueTask<bool> AbortAsync(UploadAbort reason, CancellationToken cancellationToken)
    {
        if (reason != UploadAbort.Interrupted || !driver.Tree.KeepsPartialFiles || _received.Length == 0)
            return ValueTask.FromResult(false);
        lock (driver.Tree.Gate)
        {
            MemoryDriverNode? file;
            try
            {
                file = driver.FindForWriting(request);
            }
            catch (FtpDriverException)
            {
                return ValueTask.FromResult(false);
            }

            // A complete file stays as it was; a partial one only ever grows.
            if (file is { IsPartial: false })
                return ValueTask.FromResult(false);
            MemoryDriverContent content = Merge(file);
            if (content.Length > (file?.Content.Length ?? 0))
                driver.Publish(request, file, content, isPartial: true);
            return ValueTask.FromResult(true);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private MemoryDriverContent Merge(MemoryDriverNode? file)
    {
        MemoryDriverContent old = file?.Content ?? MemoryDriverContent.Empty;
        MemoryDriverContent received = _received.ToContent();
        return request.Mode switch
        {
            UploadMode.Append => old.Concat(received),
            UploadMode.Overwrite => old.Overwrite(request.Offset, received),
            _ => received,
        };
    }
}
