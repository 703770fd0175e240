using System.IO.Pipelines;
using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Data;
using ZeroFtp.Protocol.Diagnostics;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Events;
using ZeroFtp.Protocol.Options;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Protocol;

/// <summary>
/// An FTP and FTPS server over a driver. It listens on sockets (<see cref="StartAsync"/>) and serves connections that come from elsewhere (<see cref="ServeAsync"/>); both may be used at once.
/// </summary>
/// <remarks>All members may be called from any thread. The driver belongs to the caller.</remarks>
public sealed class FtpServer : IAsyncDisposable
{
    private static readonly TimeSpan SweepPeriod = TimeSpan.FromSeconds(1);

    private readonly SessionContext _context;
    private readonly SocketDataTransport _dataTransport;
    private readonly ITimer _sweep;
    private readonly List<Listener> _listeners = [];
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isStopping;
    private int _serving;

    /// <summary>Makes a server.</summary>
    /// <param name="options">Its options.</param>
    /// <param name="driver">What it serves.</param>
    /// <param name="events">Who is told of what happens.</param>
    /// <param name="logger">Where it logs; null logs nothing.</param>
    /// <param name="clock">Its clock; null is the system's.</param>
    /// <exception cref="ArgumentException">The options are faulty; the message names every fault.</exception>
    public FtpServer(FtpServerOptions options, IServerDriver driver, IEnumerable<IFtpEvents>? events = null, ILogger<FtpServer>? logger = null, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(driver);
        IReadOnlyList<string> faults = options.Validate();
        if (faults.Count > 0)
            throw new ArgumentException(string.Join(Environment.NewLine, faults), nameof(options));
        ILogger log = (ILogger?)logger ?? NullLogger.Instance;
        clock ??= TimeProvider.System;
        EventDispatcher fan = new([FtpMetrics.Instance, .. events ?? []], log);
        _context = new SessionContext(options, driver, fan, clock, log);
        _context.KickRequested = Kick;
        _dataTransport = new SocketDataTransport(options.Data, options.Limits.KeepAlive);
        _sweep = clock.CreateTimer(static state => ((FtpServer)state!).Sweep(), this, SweepPeriod, SweepPeriod);
    }

    /// <summary>The sessions that are open now.</summary>
    public IReadOnlyCollection<FtpSessionInfo> Sessions => [.. _context.Sessions.All.Select(loop => loop.Session)];

    /// <summary>The addresses that the server listens on, with the ports that the system chose.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints => [.. _listeners.Select(listener => listener.LocalEndPoint)];

    /// <summary>Binds all end points of the options, or none, and begins to accept. Called once.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">An address cannot be had.</exception>
    /// <exception cref="ObjectDisposedException"><see cref="StopAsync"/> was called before: a server that was stopped does not start again.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled beforehand.</exception>
    public Task StartAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(_isStopping, this);
        try
        {
            foreach (FtpEndPoint endPoint in _context.Options.EndPoints)
                _listeners.Add(Listener.Bind(endPoint, this, _context));
        }
        catch
        {
            foreach (Listener listener in _listeners)
                listener.Dispose();
            _listeners.Clear();
            throw;
        }
        foreach (Listener listener in _listeners)
            listener.Start();
        return Task.CompletedTask;
    }

    /// <summary>
    /// Stops: unbinds, ends idle sessions with 421, lets transfers run on for <see cref="FtpLimitOptions.StopGrace"/> at most, then ends them with 426 and 421. Returns when all sessions are gone.
    /// </summary>
    /// <param name="cancellationToken">Cancelling ends the grace period early.</param>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        _isStopping = true;
        foreach (Listener listener in _listeners)
            listener.Dispose();
        EndAll(waitsForTransfer: true);
        if (Volatile.Read(ref _serving) > 0)
        {
            try
            {
                await _drained.Task.WaitAsync(_context.Options.Limits.StopGrace, _context.Clock, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
            {
                EndAll(waitsForTransfer: false);
                try
                {
                    await _drained.Task.WaitAsync(TimeSpan.FromSeconds(10), CancellationToken.None).ConfigureAwait(false);
                }
                catch (TimeoutException)
                {
                    foreach (SessionLoop loop in _context.Sessions.All)
                        loop.Cut();
                }
            }
        }
        await _sweep.DisposeAsync().ConfigureAwait(false);
        Log.Stopped(_context.Logger);
    }

    /// <summary>
    /// Serves one control connection over any duplex pipe: a socket, a pair of pipes in memory, a connection that Kestrel accepted. Data connections are made by TCP. Returns when the session is over; the
    /// pipe, its completion and the transport beneath belong to the caller.
    /// </summary>
    /// <param name="connection">The octets of the control connection.</param>
    /// <param name="local">Our address of it, where passive ports are opened. Null, or what is no <see cref="IPEndPoint"/>, opens them on loopback.</param>
    /// <param name="remote">
    /// The client's address, from which alone data connections are taken and to which alone they are made. If it is null, or no <see cref="IPEndPoint"/>, none is taken or made, unless transfers between servers are allowed
    /// (<see cref="FtpDataOptions.AllowFxp"/>); nor do the limits of one address hold.
    /// </param>
    /// <param name="implicitTls">Whether TLS starts at once.</param>
    public Task ServeAsync(IDuplexPipe connection, EndPoint? local, EndPoint? remote, bool implicitTls = false) => ServeOverAsync(connection, local, remote, implicitTls, _dataTransport);

    /// <summary>Ends a session with 421, and its transfer with 426.</summary>
    /// <returns>False if there is no such session.</returns>
    public bool Kick(long sessionId)
    {
        if (_context.Sessions.Find(sessionId) is not { } loop)
            return false;
        loop.End(Replies.Kicked, "kicked", StopCause.Kicked, waitsForTransfer: false);
        return true;
    }

    /// <summary>Shows a line of text to every session, with the next reply that no client takes apart (RFC 959 section 5.4).</summary>
    public void PostNotice(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        foreach (SessionLoop loop in _context.Sessions.All)
            loop.Post(text);
    }

    /// <summary>Stops, without a grace period.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_isStopping)
            await StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        _context.Dispose();
    }

    internal async Task ServeOverAsync(IDuplexPipe connection, EndPoint? local, EndPoint? remote, bool implicitTls, IDataTransport dataTransport)
    {
        ArgumentNullException.ThrowIfNull(connection);
        FtpLimitOptions limits = _context.Options.Limits;
        IPAddress? address = Addresses.Of(remote);
        if (_isStopping || !_context.Sessions.TryEnter(address, limits.MaxSessions, limits.MaxSessionsPerAddress))
        {
            await RefuseAsync(connection, implicitTls).ConfigureAwait(false);
            return;
        }
        Interlocked.Increment(ref _serving);
        ControlChannel control = new(connection);
        SessionLoop loop = new(new FtpSession(_context, control, remote, local, implicitTls, dataTransport));
        try
        {
            await using (loop.ConfigureAwait(false))
            {
                _context.Sessions.Add(loop);
                // A stop that began meanwhile has not seen this session.
                if (_isStopping)
                    loop.End(Replies.ShuttingDown, "server stops", StopCause.ServerStopping, waitsForTransfer: true);
                await loop.RunAsync().ConfigureAwait(false);
                // First, since disposing must not meet the sweep.
                _context.Sessions.Remove(loop);
            }
        }
        finally
        {
            _context.Sessions.Leave(address);
            if (Interlocked.Decrement(ref _serving) == 0 && _isStopping)
                _drained.TrySetResult();
        }
    }

    private async Task RefuseAsync(IDuplexPipe connection, bool implicitTls)
    {
        // Under implicit TLS nothing may be said in clear.
        if (implicitTls)
            return;
        try
        {
            ReplyWriter.Write(connection.Output, _isStopping ? Replies.ShuttingDownOnWelcome : Replies.TooManyConnections);
            using CancellationTokenSource limit = new(TimeSpan.FromSeconds(5), _context.Clock);
            await connection.Output.FlushAsync(limit.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The peer has gone already.
        }
    }

    private void EndAll(bool waitsForTransfer)
    {
        foreach (SessionLoop loop in _context.Sessions.All)
            loop.End(Replies.ShuttingDown, "server stops", StopCause.ServerStopping, waitsForTransfer);
    }

    private void Sweep()
    {
        foreach (SessionLoop loop in _context.Sessions.All)
        {
            try
            {
                loop.CheckLimits();
            }
            catch (Exception exception)
            {
                // This runs on a timer, where an exception would end the process.
                Log.SessionFailed(_context.Logger, loop.Session.Id, exception);
            }
        }
    }
}
