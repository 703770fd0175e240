using System.Net.Sockets;

namespace ZeroFtp.Tests.Support;

/// <summary>Stands before a server on a Unix socket: lets each thing that a client says wait for as long as it is told to, keeps the server's answers to itself, or takes no connection.</summary>
internal sealed class DelayingProxy : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly string _server;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private readonly Lock _lock = new();
    private CancellationTokenSource _connections = new();
    private long _delay;

    /// <summary>Listens at the path; clients are connected on with the server's.</summary>
    public DelayingProxy(string path, string server)
    {
        _server = server;
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    /// <summary>How long it waits.</summary>
    public TimeSpan Delay
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref _delay));
        set => Interlocked.Exchange(ref _delay, value.Ticks);
    }

    /// <summary>Whether what the server answers gets lost.</summary>
    public bool Swallows { get; set; }

    /// <summary>Whether new connections are closed at once.</summary>
    public bool Refuses { get; set; }

    /// <summary>Ends all connections.</summary>
    public void Cut()
    {
        CancellationTokenSource cut;
        lock (_lock)
            (cut, _connections) = (_connections, new CancellationTokenSource());
        cut.Cancel();
        cut.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting.WithinAsync("the connections of the proxy end");
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> connections = [];
        try
        {
            while (true)
                connections.Add(ServeAsync(await _listener.AcceptAsync(_stop.Token)));
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // It is being disposed.
        }
        await Task.WhenAll(connections);
    }

    private async Task ServeAsync(Socket client)
    {
        using Socket server = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        using (client)
        {
            if (Refuses)
                return;
            CancellationToken cut;
            lock (_lock)
                cut = _connections.Token;
            try
            {
                await server.ConnectAsync(new UnixDomainSocketEndPoint(_server), _stop.Token);
                using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, cut);
                Task[] directions = [CopyAsync(client, server, true, end.Token), CopyAsync(server, client, false, end.Token)];
                await Task.WhenAny(directions);
                await end.CancelAsync();
                await Task.WhenAll(directions);
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException)
            {
                // One of the two is gone; so is the other, then.
            }
        }
    }

    private async Task CopyAsync(Socket from, Socket to, bool isDelayed, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[64 << 10];
        while (await from.ReceiveAsync(buffer, cancellationToken) is var count and > 0)
        {
            if (isDelayed && Delay > TimeSpan.Zero)
                await Task.Delay(Delay, cancellationToken);
            if (!isDelayed && Swallows)
                continue;
            for (int sent = 0; sent < count;)
                sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), cancellationToken);
        }
    }
}
