using System.Net;
using System.Net.Sockets;

namespace ZeroFtp.Tests.Storage.Metadata;

/// <summary>Where a database should listen, and nothing answers: connections are taken, counted, and closed at once or left waiting.</summary>
internal sealed class SilentDatabase : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<TcpClient> _taken = [];
    private readonly bool _closes;
    private readonly Task _task;
    private int _count;

    public SilentDatabase(bool closes)
    {
        _closes = closes;
        _listener.Start();
        _task = Task.Run(TakeAsync);
    }

    public string ConnectionString => $"Host=127.0.0.1;Port={((IPEndPoint)_listener.LocalEndpoint).Port};Username=x;Database=x;SSL Mode=Disable;Timeout=1";

    /// <summary>How many connections were taken.</summary>
    public int Count => Volatile.Read(ref _count);

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _task;
        _taken.ForEach(static client => client.Dispose());
    }

    private async Task TakeAsync()
    {
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync();
                Interlocked.Increment(ref _count);
                if (_closes)
                    client.Dispose();
                else
                    _taken.Add(client);
            }
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
        {
            // It was stopped.
        }
    }
}
