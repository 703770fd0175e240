using Google.Protobuf;

namespace ZeroFtp.ZeroStor.Services;

/// <summary>ReadStream of both services.</summary>
internal static class Streams
{
    public static async Task SendAsync(Daemon daemon, IReadOnlyList<StoredChunk> chunks, long chunkSize, Func<ByteString, Task> send, CancellationToken cancellationToken)
    {
        await daemon.AllocateAsync(chunkSize, cancellationToken);
        try
        {
            foreach (StoredChunk chunk in chunks)
            {
                byte[] block = new byte[daemon.Blocks.LengthOf([chunk])];
                await daemon.Blocks.ReadBlockAsync(chunk, block, cancellationToken);
                for (int at = 0; at < block.Length;)
                {
                    int take = (int)Math.Min(chunkSize, block.Length - at);
                    Errors.RefuseOversized(take, "trying to send");
                    await send(UnsafeByteOperations.UnsafeWrap(block.AsMemory(at, take)));
                    at += take;
                }
            }
        }
        catch (Exception failure) when (failure is not Grpc.Core.RpcException)
        {
            daemon.Counters.Leaked();
            throw;
        }
    }
}
