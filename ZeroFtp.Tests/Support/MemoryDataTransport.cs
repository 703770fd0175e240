using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using ZeroFtp.Protocol.Data;

namespace ZeroFtp.Tests.Support;

/// <summary>Data connections in memory. Tests dial passive ports and open ports for active connections; the server never knows the difference.</summary>
internal sealed class MemoryDataTransport : IDataTransport
{
    private readonly ConcurrentDictionary<int, PassivePort> _passive = new();
    private readonly ConcurrentDictionary<int, Channel<DuplexStream>?> _listening = new();
    private int _lastPort = 49_999;

    /// <summary>How many passive ports there are.</summary>
    public int MaxPorts { get; set; } = int.MaxValue;

    /// <summary>The passive ports that are open now.</summary>
    public int OpenPorts => _passive.Count;

    /// <summary>Where the last active connection was made from.</summary>
    public IPEndPoint? LastSource { get; private set; }

    public IPassivePort? Listen(IPAddress address)
    {
        if (_passive.Count >= MaxPorts)
            return null;
        PassivePort port = new(Interlocked.Increment(ref _lastPort), this);
        _passive[port.Port] = port;
        return port;
    }

    public async ValueTask<DataConnection> ConnectAsync(IPAddress localAddress, int localPort, IPEndPoint remote, CancellationToken cancellationToken)
    {
        LastSource = new IPEndPoint(localAddress, localPort);
        if (!_listening.TryGetValue(remote.Port, out Channel<DuplexStream>? backlog))
            throw new SocketException((int)SocketError.ConnectionRefused);
        if (backlog is null)
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        (DuplexStream server, DuplexStream client) = DuplexStream.CreatePair();
        backlog!.Writer.TryWrite(client);
        return new DataConnection(server, null, remote);
    }

    /// <summary>Connects to a passive port.</summary>
    /// <exception cref="SocketException">The port is not open.</exception>
    public DuplexStream Dial(int port, IPAddress from)
    {
        if (!_passive.TryGetValue(port, out PassivePort? open))
            throw new SocketException((int)SocketError.ConnectionRefused);
        (DuplexStream server, DuplexStream client) = DuplexStream.CreatePair();
        open.Offer(new DataConnection(server, null, new IPEndPoint(from, 61_000)));
        return client;
    }

    /// <summary>Opens a port of the client. Connections to one that drops them never succeed nor fail.</summary>
    public void Open(int port, bool dropsAll = false) => _listening[port] = dropsAll ? null : Channel.CreateUnbounded<DuplexStream>();

    /// <summary>The next connection that the server makes to a port of the client.</summary>
    public Task<DuplexStream> AcceptAsync(int port) => _listening[port]!.Reader.ReadAsync().AsTask().WithinAsync($"the server connects to port {port}", MemoryServer.Patience);

    private sealed class PassivePort(int port, MemoryDataTransport owner) : IPassivePort
    {
        private readonly Channel<DataConnection> _backlog = Channel.CreateUnbounded<DataConnection>(new UnboundedChannelOptions { AllowSynchronousContinuations = true });

        public int Port => port;

        public void Offer(DataConnection connection)
        {
            if (!_backlog.Writer.TryWrite(connection))
                throw new SocketException((int)SocketError.ConnectionRefused);
        }

        public async ValueTask<DataConnection> AcceptAsync(CancellationToken cancellationToken)
        {
            try
            {
                return await _backlog.Reader.ReadAsync(cancellationToken);
            }
            catch (ChannelClosedException)
            {
                throw new ObjectDisposedException(nameof(PassivePort));
            }
        }

        public void Dispose()
        {
            if (!_backlog.Writer.TryComplete())
                return;
            owner._passive.TryRemove(port, out _);
            while (_backlog.Reader.TryRead(out DataConnection? waiting))
                waiting.Abort();
        }
    }
}
