using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using ZeroFtp.ZeroStor.Shards;

namespace ZeroFtp.ZeroStor.ZeroDb;

/// <summary>
/// Serves a shard by the protocol of 0-db, with one namespace in sequential mode and the behavior that 0-db 2.0.7 was seen to have. For tests and for
/// trying things out; it is no store for real data.
/// </summary>
public sealed class ZeroDbServer : IAsyncDisposable
{
    /// <summary>The namespace that it has.</summary>
    public const string Namespace = "zeroftp";

    private readonly ConcurrentDictionary<Socket, byte> _connections = new();
    private readonly Lock _state = new();
    private readonly IPEndPoint _address;
    private Socket? _listener;
    private TaskCompletionSource _going = NewGate();

    /// <summary>Serves a new shard in memory on any free port of the loopback interface.</summary>
    public ZeroDbServer(string password = "")
        : this(new IPEndPoint(IPAddress.Loopback, 0), password, static id => new MemoryShard(id))
    {
    }

    internal ZeroDbServer(IPEndPoint address, string password, Func<string, Shard> open)
    {
        Password = password;
        _going.SetResult();
        _listener = Bind(address);
        _address = (IPEndPoint)_listener.LocalEndPoint!;
        try
        {
            Shard = open($"{Namespace}@{_address}");
        }
        catch
        {
            _listener.Dispose();
            throw;
        }

        _ = AcceptAsync(_listener);
    }

    /// <summary>What references call the shard.</summary>
    public string Id => Shard.Id;

    /// <summary>Refuses to store more.</summary>
    public bool IsFull
    {
        get => Shard.Full;
        set => Shard.Full = value;
    }

    /// <summary>Refuses to store and to delete, as after NSSET lock.</summary>
    public bool IsLocked { get; set; }

    /// <summary>Whether NSDEL has removed the namespace.</summary>
    public bool IsRemoved { get; set; }

    /// <summary>How many parts were asked for by GET.</summary>
    public int Gets => Volatile.Read(ref GetCount);

    /// <summary>Parts that are stored and not deleted.</summary>
    public int Count => (int)Shard.Count;

    /// <summary>The numbers of the parts that are stored and not deleted.</summary>
    public IReadOnlyCollection<ulong> Keys => [.. Shard.Keys()];

    internal string Password { get; }

    internal Shard Shard { get; }

    internal int GetCount;

    /// <summary>Closes the listener and every connection, or listens again at the same address.</summary>
    public void SetDown(bool isDown)
    {
        lock (_state)
        {
            if (!isDown)
            {
                if (_listener is null)
                    _ = AcceptAsync(_listener = Bind(_address));
                return;
            }

            _listener?.Dispose();
            _listener = null;
        }

        foreach (Socket connection in _connections.Keys)
            connection.Dispose();
    }

    /// <summary>Lets every command wait until this is taken back.</summary>
    public void SetHung(bool isHung)
    {
        if (isHung)
            _going = NewGate();
        else
            _going.TrySetResult();
    }

    /// <summary>Forgets all parts, as a server that comes back with an empty directory: keys begin at 0 again.</summary>
    public void Empty() => Shard.Empty();

    /// <summary>Changes a byte of every part.</summary>
    public void FlipAll()
    {
        foreach (ulong key in Shard.Keys())
            Shard.Flip(key, 100);
    }

    /// <summary>Stops it and closes its shard.</summary>
    public ValueTask DisposeAsync()
    {
        SetDown(true);
        _going.TrySetResult();
        Shard.Dispose();
        return ValueTask.CompletedTask;
    }

    internal Task ArriveAsync() => _going.Task;

    private static TaskCompletionSource NewGate() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static Socket Bind(IPEndPoint address)
    {
        Socket listener = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            listener.Bind(address);
            listener.Listen();
            return listener;
        }
        catch
        {
            listener.Dispose();
            throw;
        }
    }

    private async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (true)
                _ = ServeAsync(await listener.AcceptAsync());
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The server was taken away.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        _connections[socket] = 0;
        try
        {
            socket.NoDelay = true;
            await using NetworkStream stream = new(socket, ownsSocket: true);
            RespInput input = new(stream);
            ZeroDbSession session = new(this);
            while (!session.IsEnded && await input.ReadCommandAsync() is { } command)
            {
                await ArriveAsync();
                await stream.WriteAsync(session.Answer(command));
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException)
        {
            // The client or the server went away, or what came was no command.
        }
        finally
        {
            _connections.TryRemove(socket, out _);
        }
    }
}
