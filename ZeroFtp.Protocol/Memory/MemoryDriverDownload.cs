using System.IO.Pipelines;
using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Protocol.Memory;

/// <summary>Reads one state of a file.</summary>
internal sealed class MemoryDriverDownload(MemoryDriverContent content, long offset) : IDownload
{
    public long? Length => content.Length - offset;

    public async ValueTask CopyToAsync(PipeWriter destination, long? limit, CancellationToken cancellationToken)
    {
        long end = limit is long most && most < content.Length - offset ? offset + most : content.Length;
        foreach (ReadOnlyMemory<byte> block in content.Slice(offset, end))
        {
            FlushResult result = await destination.WriteAsync(block, cancellationToken).ConfigureAwait(false);
            if (result.IsCompleted)
                return;
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
