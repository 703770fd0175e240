using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace ZeroFtp.Protocol.Data;

/// <summary>
/// The octets of a data connection. Where the host lets the runtime's socket threads run what comes after (DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS), what follows a wait here runs on the thread pool
/// all the same: it may block on a file, and a little later there is more to move at once.
/// </summary>
internal sealed class DataStream(Socket socket) : NetworkStream(socket, ownsSocket: true)
{
    private static readonly bool IsInline = Environment.GetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS") is "1" or "true";

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!IsInline || buffer.IsEmpty)
            return base.ReadAsync(buffer, cancellationToken);
        // A thread of the sockets would read the little that has just come; so it is only asked to say that there is something.
        ValueTask<int> something = base.ReadAsync(Memory<byte>.Empty, cancellationToken);
        return something.IsCompletedSuccessfully ? base.ReadAsync(buffer, cancellationToken) : ReadLaterAsync(something, buffer, cancellationToken);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ValueTask write = base.WriteAsync(buffer, cancellationToken);
        return write.IsCompletedSuccessfully || !IsInline ? write : FinishAsync(write);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> ReadLaterAsync(ValueTask<int> something, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        await something.ConfigureAwait(false);
        await Task.Yield();
        return await base.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private static async ValueTask FinishAsync(ValueTask write)
    {
        await write.ConfigureAwait(false);
        await Task.Yield();
    }
}
