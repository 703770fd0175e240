using System.IO.Pipelines;
using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Storage.Objects.Local;

/// <summary>A stretch of an object's file. The open file keeps the content readable even after the object has been deleted.</summary>
internal sealed class LocalObjectReader(FileStream file, long offset, long length, DiskPace pace) : IFileObjectReader
{
    private const int ChunkLength = 256 << 10;

    public FileStream File => file;

    public long Offset => offset;

    public long Length => length;

    public StoredObject? Repaired => null;

    public async ValueTask<bool> CopyToAsync(PipeWriter destination, CancellationToken cancellationToken)
    {
        long position = offset;
        long end = offset + length;
        while (position < end)
        {
            int wanted = (int)Math.Min(ChunkLength, end - position);
            Memory<byte> memory = destination.GetMemory(wanted);
            if (memory.Length > wanted)
                memory = memory[..wanted];
            int count = Read(memory.Span, position);
            destination.Advance(count);
            position += count;
            FlushResult result = await destination.FlushAsync(cancellationToken).ConfigureAwait(false);
            if (result.IsCanceled)
                throw new OperationCanceledException(cancellationToken);
            if (result.IsCompleted)
                return false;
        }
        return true;
    }

    /// <summary>Has the first octet fetched from the disk, so that opening shows how long the content takes too: whoever sends it may do so without reading it here.</summary>
    public void Touch()
    {
        Span<byte> first = stackalloc byte[1];
        if (length > 0)
            Read(first, offset);
    }

    public ValueTask DisposeAsync() => file.DisposeAsync();

    /// <summary>Reads synchronously: what is in the page cache, as most is, comes at once, and an asynchronous read would only be a synchronous one on another thread.</summary>
    private int Read(Span<byte> memory, long position)
    {
        using DiskPace.Watch watch = pace.Begin();
        try
        {
            int count = RandomAccess.Read(file.SafeFileHandle, memory, position);
            return count > 0 ? count : throw new FtpDriverException(FtpError.Unavailable, $"The object {file.Name} ends before octet {position}.");
        }
        catch (Exception exception) when (IoFailure.IsExpected(exception))
        {
            throw IoFailure.Translate(exception);
        }
    }
}
