using ZeroFtp.ZeroStor.Wire;
using SchemaFileMode = ZeroFtp.Storage.Objects.ZeroStor.Schema.FileMode;

namespace ZeroFtp.ZeroStor.Services;

/// <summary>WriteFile and ReadFile of both services: paths on the daemon's own machine.</summary>
internal static class Files
{
    public static async Task<BlockSink> SendAsync(Daemon daemon, string path, CancellationToken cancellationToken)
    {
        if (path.Length == 0)
            throw Errors.Invalid("no file path given");
        BlockSink sink = new(daemon.Blocks, daemon.Counters);
        await using FileStream file = File.OpenRead(path);
        byte[] buffer = new byte[128 * 1024];
        while (await file.ReadAsync(buffer, cancellationToken) is var read and > 0)
            await sink.AppendAsync(buffer.AsMemory(0, read), cancellationToken);
        await sink.FinishAsync(cancellationToken);
        return sink;
    }

    public static async Task ReceiveAsync(Daemon daemon, IReadOnlyList<StoredChunk> chunks, string path, SchemaFileMode mode, CancellationToken cancellationToken)
    {
        if (path.Length == 0)
            throw Errors.Invalid("no file path given");
        FileMode how = mode switch { SchemaFileMode.Append => FileMode.Append, SchemaFileMode.Exclusive => FileMode.CreateNew, _ => FileMode.Create };
        await using FileStream file = new(path, how, FileAccess.Write);
        foreach (StoredChunk chunk in chunks)
        {
            using PooledOctets block = new((int)daemon.Blocks.LengthOf([chunk]));
            await daemon.Blocks.ReadBlockAsync(chunk, block.Memory, cancellationToken);
            await file.WriteAsync(block.Memory, cancellationToken);
        }
    }
}
