using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace ZeroFtp.Protocol.Data;

/// <summary>
/// The octets of a data connection. Where the host lets the runtime's socket threads run what comes after (DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS), what follows a wait here runs on the thread pool
/// all the same: it may block on a file, and a little later there is more to move at once.
/// </summary>
internal sealed class DataStream(Socket socket) : NetworkStream(socket, ownsSocket: true)
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ValueTask<int> read = base.ReadAsync(buffer, cancellationToken);
        return read.IsCompletedSuccessfully ? read : FinishAsync(read);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ValueTask write = base.WriteAsync(buffer, cancellationToken);
        return write.IsCompletedSuccessfully ? write : FinishAsync(write);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<int> FinishAsync(ValueTask<int> read)
    {
        int count = await read.ConfigureAwait(false);
        if (!Thread.CurrentThread.IsThreadPoolThread)
            await Task.Yield();
        return count;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private static async ValueTask FinishAsync(ValueTask write)
    {
        await write.ConfigureAwait(false);
        if (!Thread.CurrentThread.IsThreadPoolThread)
            await Task.Yield();
    }
}
