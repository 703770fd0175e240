using System.Net;
using System.Net.Sockets;

namespace ZeroFtp.Protocol.Data;

/// <summary>
/// A passive port with the waiting for its client, which begins at once, so that a client may connect before it sends the transfer verb. Connections from other addresses are closed and the waiting
/// goes on; once the right one has come the port is closed. The port is closed too when the accept limit runs out.
/// </summary>
internal sealed class PassiveWait : IDisposable
{
    private readonly IPassivePort _port;
    private readonly CancellationTokenSource _end;
    private readonly Task<DataConnection?> _connection;
    private int _taken;

    /// <param name="port">The open port; this object takes ownership.</param>
    /// <param name="isWelcome">Says whether a peer may take the port.</param>
    /// <param name="limit">How long to wait.</param>
    /// <param name="clock">The clock of the limit.</param>
    /// <param name="prepare">What to do with an accepted connection before it is looked at (PROXY header), or null; it returns null to close the connection.</param>
    public PassiveWait(IPassivePort port, Func<IPAddress?, bool> isWelcome, TimeSpan limit, TimeProvider clock, Func<DataConnection, CancellationToken, ValueTask<DataConnection?>>? prepare)
    {
        _port = port;
        Port = port.Port;
        _end = new CancellationTokenSource(limit, clock);
        _connection = WaitAsync(isWelcome, prepare);
    }

    public int Port { get; }

    /// <summary>True when the timeout expired before a client connected.</summary>
    public bool HasFailed => _connection is { IsCompletedSuccessfully: true, Result: null };

    /// <summary>The connection if already established; this object keeps ownership.</summary>
    public DataConnection? Arrived => _connection is { IsCompletedSuccessfully: true, Result: { } connection } ? connection : null;

    /// <summary>Returns the connection, or null on timeout. The caller owns it unless the call is cancelled.</summary>
    public async ValueTask<DataConnection?> TakeAsync(CancellationToken cancellationToken)
    {
        DataConnection? connection = await _connection.WaitAsync(cancellationToken).ConfigureAwait(false);
        Volatile.Write(ref _taken, 1);
        return connection;
    }

    public void Dispose()
    {
        if (!_connection.IsCompleted)
            EndWaiting();
        _port.Dispose();
        if (Volatile.Read(ref _taken) == 0)
            _ = AbortUntakenAsync();
    }

    private async Task<DataConnection?> WaitAsync(Func<IPAddress?, bool> isWelcome, Func<DataConnection, CancellationToken, ValueTask<DataConnection?>>? prepare)
    {
        try
        {
            while (true)
            {
                DataConnection? connection = await _port.AcceptAsync(_end.Token).ConfigureAwait(false);
                if (prepare is not null)
                    connection = await prepare(connection, _end.Token).ConfigureAwait(false);
                if (connection is null)
                    continue;
                if (isWelcome(connection.RemoteEndPoint?.Address))
                    return connection;
                await connection.Stream.DisposeAsync().ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException or IOException)
        {
            return null;
        }
        finally
        {
            _port.Dispose();
            _end.Dispose();
        }
    }

    private void EndWaiting()
    {
        try
        {
            _end.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The wait has just ended on its own.
        }
    }

    private async Task AbortUntakenAsync()
    {
        if (await _connection.ConfigureAwait(false) is { } connection)
            connection.Abort();
    }
}
