using System.Net;
using System.Net.Sockets;
using ZeroFtp.Conformance.Checks;

namespace ZeroFtp.Conformance.Wire;

/// <summary>A data connection that has been agreed on: a port of the server's to connect to, or a listener of ours that the server connects to.</summary>
internal sealed class DataTarget(Session session, IPEndPoint? passive, Socket? listener) : IAsyncDisposable
{
    /// <summary>The server's listener, when passive.</summary>
    public IPEndPoint Server => passive ?? throw new InvalidOperationException("Not a passive target.");

    public bool IsPassive => passive is not null;

    public IPEndPoint Ours => (IPEndPoint)listener!.LocalEndPoint!;

    /// <summary>Connects to the server, or waits for the server to connect.</summary>
    public async Task<DataConnection> OpenAsync(IPAddress? from = null)
    {
        using CancellationTokenSource timeout = new(session.Patience);
        try
        {
            if (passive is null)
                return new(await listener!.AcceptAsync(timeout.Token), session);
            Socket socket = new(passive.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            if (session.DataReceiveBuffer > 0)
                socket.ReceiveBufferSize = session.DataReceiveBuffer;
            if (from is not null)
                socket.Bind(new IPEndPoint(from, 0));
            await socket.ConnectAsync(passive, timeout.Token);
            return new(socket, session);
        }
        catch (OperationCanceledException)
        {
            throw new CheckFailedException($"no data connection within {session.Patience.TotalSeconds} s");
        }
        catch (SocketException refused)
        {
            throw new CheckFailedException($"the data connection to {passive} failed: {refused.SocketErrorCode}");
        }
    }

    /// <summary>Connects to the server; nothing when it no longer listens.</summary>
    public async Task<DataConnection?> TryOpenAsync()
    {
        Socket socket = new(Server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(Server);
            return new(socket, session);
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }

    /// <summary>Whether the server's port refuses connections now (a short grace is given for it to close).</summary>
    public async Task<bool> RefusesAsync()
    {
        for (int attempt = 0; attempt < 10; attempt++)
        {
            using Socket socket = new(Server.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            using CancellationTokenSource timeout = new(TimeSpan.FromSeconds(1));
            try
            {
                await socket.ConnectAsync(Server, timeout.Token);
            }
            catch (SocketException)
            {
                return true;
            }
            catch (OperationCanceledException)
            {
                return false;
            }

            await Task.Delay(100);
        }

        return false;
    }

    public ValueTask DisposeAsync()
    {
        listener?.Dispose();
        return ValueTask.CompletedTask;
    }
}
