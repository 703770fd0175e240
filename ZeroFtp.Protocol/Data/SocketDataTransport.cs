using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using ZeroFtp.Protocol.Options;

namespace ZeroFtp.Protocol.Data;

/// <summary>Data connections over TCP. Passive ports are chosen at random from the range (RFC 2577 section 8) and handed out once at a time.</summary>
internal sealed class SocketDataTransport(FtpDataOptions options, TimeSpan keepAlive) : IDataTransport
{
    private const int AttemptsAnywhere = 8;

    private readonly HashSet<(IPAddress Address, int Port)> _inUse = [];

    public IPassivePort? Listen(IPAddress address)
    {
        if (options.PassivePorts is not { } range)
            return ListenAnywhere(address);
        int count = range.Last - range.First + 1;
        int start = RandomNumberGenerator.GetInt32(count);
        // A random start and a random odd stride visit every port of a range once only if they are coprime; a few random tries and then a sweep is simpler and as unpredictable.
        for (int attempt = 0; attempt < Math.Min(count, 16); attempt++)
        {
            if (TryPort(address, range.First + RandomNumberGenerator.GetInt32(count)) is { } port)
                return port;
        }
        for (int i = 0; i < count; i++)
        {
            if (TryPort(address, range.First + ((start + i) % count)) is { } port)
                return port;
        }
        return null;
    }

    public async ValueTask<DataConnection> ConnectAsync(IPAddress localAddress, int localPort, IPEndPoint remote, CancellationToken cancellationToken)
    {
        if (localPort > 0 && await TryConnectAsync(localAddress, localPort, remote, cancellationToken).ConfigureAwait(false) is { } privileged)
            return privileged;
        return await TryConnectAsync(localAddress, 0, remote, cancellationToken).ConfigureAwait(false) ?? throw new SocketException((int)SocketError.AddressNotAvailable);
    }

    private SocketPassivePort? ListenAnywhere(IPAddress address)
    {
        for (int attempt = 0; attempt < AttemptsAnywhere; attempt++)
        {
            if (Bind(address, EphemeralPorts.Next(), null) is { } port)
                return port;
        }
        return Bind(address, 0, null);
    }

    /// <summary>Null if the source port cannot be had; the caller then takes any.</summary>
    private async ValueTask<DataConnection?> TryConnectAsync(IPAddress localAddress, int localPort, IPEndPoint remote, CancellationToken cancellationToken)
    {
        Socket socket = new(remote.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (localPort > 0)
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            try
            {
                if (localAddress.AddressFamily == remote.AddressFamily)
                    socket.Bind(new IPEndPoint(localAddress, localPort));
            }
            catch (SocketException) when (localPort > 0)
            {
                socket.Dispose();
                return null;
            }
            await socket.ConnectAsync(remote, cancellationToken).ConfigureAwait(false);
            return Wrap(socket);
        }
        catch (SocketException exception) when (localPort > 0 && exception.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AddressNotAvailable or SocketError.AccessDenied)
        {
            socket.Dispose();
            return null;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private SocketPassivePort? TryPort(IPAddress address, int port)
    {
        lock (_inUse)
        {
            if (!_inUse.Add((address, port)))
                return null;
        }
        SocketPassivePort? bound = Bind(address, port, () => Release(address, port));
        if (bound is null)
            Release(address, port);
        return bound;
    }

    private void Release(IPAddress address, int port)
    {
        lock (_inUse)
            _inUse.Remove((address, port));
    }

    private SocketPassivePort? Bind(IPAddress address, int port, Action? closed)
    {
        Socket socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen(8);
            return new SocketPassivePort(this, socket, closed);
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }

    private DataConnection Wrap(Socket socket)
    {
        socket.NoDelay = true;
        KeepAlive.Start(socket, keepAlive);
        return new DataConnection(new DataStream(socket), socket, (IPEndPoint?)socket.RemoteEndPoint);
    }

    private sealed class SocketPassivePort(SocketDataTransport transport, Socket socket, Action? closed) : IPassivePort
    {
        private int _disposed;

        public int Port { get; } = ((IPEndPoint)socket.LocalEndPoint!).Port;

        public async ValueTask<DataConnection> AcceptAsync(CancellationToken cancellationToken)
        {
            Socket accepted = await socket.AcceptAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                return transport.Wrap(accepted);
            }
            catch
            {
                accepted.Dispose();
                throw;
            }
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _disposed, 1) != 0)
                return;
            socket.Dispose();
            closed?.Invoke();
        }
    }
}
