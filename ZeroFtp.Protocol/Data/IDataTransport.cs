using System.Net;
using System.Net.Sockets;

namespace ZeroFtp.Protocol.Data;

/// <summary>Makes data connections: by sockets, or in memory for tests.</summary>
internal interface IDataTransport
{
    /// <summary>Opens a passive port on an address.</summary>
    /// <returns>Null if no port is free.</returns>
    IPassivePort? Listen(IPAddress address);

    /// <summary>Connects from an address of ours to the client.</summary>
    /// <exception cref="SocketException">The connection failed.</exception>
    ValueTask<DataConnection> ConnectAsync(IPAddress localAddress, int localPort, IPEndPoint remote, CancellationToken cancellationToken);
}

/// <summary>An open passive port that waits for its one connection. Disposing closes it, and a connection that nobody took.</summary>
internal interface IPassivePort : IDisposable
{
    int Port { get; }

    /// <summary>Accepts the next connection from any peer. The port stays open until it is disposed.</summary>
    ValueTask<DataConnection> AcceptAsync(CancellationToken cancellationToken);
}

/// <summary>A data connection as established: its stream, and its socket if there is one.</summary>
internal sealed record DataConnection(Stream Stream, Socket? Socket, IPEndPoint? RemoteEndPoint)
{
    /// <summary>Closes at once, discarding what is unsent.</summary>
    public void Abort()
    {
        if (Socket is not null)
        {
            try
            {
                Socket.LingerState = new LingerOption(true, 0);
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // Already closed.
            }
        }
        Stream.Dispose();
    }
}
