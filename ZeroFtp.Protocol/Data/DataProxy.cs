using System.IO.Pipelines;
using ZeroFtp.Protocol.Options;

namespace ZeroFtp.Protocol.Data;

/// <summary>Reads the PROXY header of data connections that come from a trusted balancer.</summary>
internal static class DataProxy
{
    /// <summary>What to do with an accepted data connection before its peer is looked at; null if the protocol is not used there.</summary>
    public static Func<DataConnection, CancellationToken, ValueTask<DataConnection?>>? For(FtpProxyOptions options, TimeProvider clock)
    {
        if (!options.OnDataConnections || options.TrustedNetworks.Count == 0)
            return null;
        return async (connection, cancellationToken) =>
        {
            if (connection.RemoteEndPoint is not { } peer || !ProxyHeader.IsExpectedFrom(peer.Address, options))
                return connection;
            // One byte at a time, so that no byte after the header is consumed.
            PipeReader reader = PipeReader.Create(connection.Stream, new StreamPipeReaderOptions(bufferSize: 1, minimumReadSize: 1, leaveOpen: true, pool: OneOctetPool.Instance));
            ProxyHeader? header = await ProxyHeader.ReadAsync(reader, options.HeaderTimeout, clock).ConfigureAwait(false);
            await reader.CompleteAsync().ConfigureAwait(false);
            if (header is not null)
                return connection with { RemoteEndPoint = header.Source ?? peer };
            connection.Abort();
            return null;
        };
    }

    private sealed class OneOctetPool : System.Buffers.MemoryPool<byte>
    {
        public static OneOctetPool Instance { get; } = new();

        public override int MaxBufferSize => 1;

        public override System.Buffers.IMemoryOwner<byte> Rent(int minBufferSize = -1) => new Owner();

        protected override void Dispose(bool disposing)
        {
        }

        private sealed class Owner : System.Buffers.IMemoryOwner<byte>
        {
            public Memory<byte> Memory { get; } = new byte[1];

            public void Dispose()
            {
            }
        }
    }
}
