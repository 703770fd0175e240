using Microsoft.AspNetCore.Connections;

namespace ZeroFtp.Host.Metrics;

/// <summary>
/// Bounds the connections of an endpoint by ending the oldest one for each that is too many. Refusing the newest would let a few clients that hold connections open keep everybody else out.
/// </summary>
internal sealed class ConnectionTurnover(int most)
{
    private readonly LinkedList<ConnectionContext> _open = new();
    private readonly Lock _lock = new();

    public async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        LinkedListNode<ConnectionContext> place = new(connection);
        ConnectionContext? oldest = null;
        lock (_lock)
        {
            _open.AddLast(place);
            if (_open.Count > most)
            {
                oldest = _open.First!.Value;
                _open.RemoveFirst();
            }
        }
        oldest?.Abort(new ConnectionAbortedException("A newer connection takes its place."));
        try
        {
            await next(connection);
        }
        finally
        {
            lock (_lock)
            {
                if (place.List is not null)
                    _open.Remove(place);
            }
        }
    }
}
