using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Data;
using ZeroFtp.Protocol.Diagnostics;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Events;
using ZeroFtp.Protocol.Options;
using ZeroFtp.Protocol.Sessions;
using ZeroFtp.Protocol.Tls;

namespace ZeroFtp.Protocol.Transfer;

/// <summary>
/// The frame of every transfer: the data connection is made (active: before 150; passive: accepted after it), put under TLS, filled or emptied by the derived class, closed, and the
/// outcome turned into one final reply.
/// </summary>
internal abstract class DataTransfer : Activity
{
    private readonly FtpSession _session;
    private readonly DataTarget _target;
    private readonly bool _protect;
    private readonly bool _tlsClient;
    private readonly string _verb;
    private readonly FtpPath _path;
    private readonly DateTimeOffset _startedAt;
    private DataConnection? _connection;
    private DataLink? _link;
    private ulong _acknowledged;

    protected DataTransfer(FtpSession session, DataTarget target, string verb, FtpPath path, bool isDownload)
    {
        _session = session;
        _verb = verb;
        _path = path;
        IsDownload = isDownload;
        _target = target;
        _protect = session.Security.ProtectData;
        _tlsClient = session.Security.IsSscnOn || _target.TlsClient;
        _startedAt = session.Clock.GetUtcNow();
        Meter = new TransferMeter(session.Clock, session.LimitersFor(isDownload), session.TallyOf(isDownload));
    }

    public override string Description => $"{_verb} {Printable.Text(_path.Text)}";

    public override FtpTransferProgress Snapshot => new()
    {
        Verb = _verb,
        Path = _path,
        IsDownload = IsDownload,
        StartedAt = _startedAt,
        Bytes = Meter.Bytes,
        ExpectedBytes = ExpectedBytes,
    };

    public bool IsDownload { get; }

    public TransferMeter Meter { get; }

    /// <summary>How many octets are expected to go over the data connection, if known.</summary>
    public virtual long? ExpectedBytes => null;

    public override TimeSpan Silence
    {
        get
        {
            if (_connection is not { } connection)
                return TimeSpan.Zero;
            // What the kernel took may wait there for minutes, and a slow peer gets it all the while.
            if (IsDownload && connection.Socket is { } socket && SendQueue.Acknowledged(socket) is { } acknowledged && acknowledged != _acknowledged)
            {
                _acknowledged = acknowledged;
                Meter.Touch();
            }
            return Meter.Silence;
        }
    }

    protected FtpSession Session => _session;

    protected FtpPath Path => _path;

    protected bool LeftPartial { get; set; }

    /// <summary>Bytes of the file itself: before the conversions of a download, after those of an upload.</summary>
    protected virtual long ContentBytes => Meter.Bytes;

    /// <summary>Whether MODE Z compresses the data.</summary>
    protected virtual bool IsCompressed => false;

    /// <summary>How the client ended an upload.</summary>
    protected virtual FtpUploadEnd UploadEnd => FtpUploadEnd.None;

    /// <summary>Whether nobody is left to hear how the transfer ended.</summary>
    protected virtual bool IsClientLost => Cause == StopCause.ControlLost;

    /// <summary>The passive connection, if it has come.</summary>
    protected DataConnection? Arrived => (_target as DataTarget.Passive)?.Wait.Arrived;

    protected FtpServerOptions Options => _session.Options;

    public override Reply Progress() => Reply.Of(213, ExpectedBytes is { } expected
        ? $"Status: {Meter.Bytes} of {expected} bytes transferred"
        : $"Status: {Meter.Bytes} bytes transferred");

    public override async ValueTask<Reply> PrepareAsync()
    {
        if (_target is not DataTarget.Active active)
        {
            if (Arrived is { } arrived)
                Connected(arrived);
            return Reply.None;
        }
        using CancellationTokenSource limit = new(Options.Data.ConnectTimeout, _session.Clock);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, Stopping);
        try
        {
            _connection = await _session.DataTransport.ConnectAsync(_session.LocalAddress, _session.ActiveSourcePort, active.Remote, either.Token).ConfigureAwait(false);
            Meter.Touch();
            Connected(_connection);
            return Reply.None;
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or IOException)
        {
            return Cause == StopCause.ClientAbort ? Replies.TransferAborted : Replies.CannotOpenData;
        }
    }

    public sealed override async ValueTask<Reply> RunAsync()
    {
        _session.Events.TransferStarted(Describe(0));
        Reply reply;
        try
        {
            reply = await OpenLinkAsync().ConfigureAwait(false);
            if (reply.IsNone)
                reply = await MoveGuardedAsync(_link!).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            reply = FromFailure(exception);
        }
        reply = await CloseLinkAsync(reply).ConfigureAwait(false);
        _session.Events.TransferFinished(Describe(IsClientLost ? 0 : reply.Code));
        return reply;
    }

    public override void Stop(StopCause cause)
    {
        // A download that the peer has got whole is over, whatever comes now.
        if (_link is { IsDelivered: true })
            return;
        base.Stop(cause);
        // A send that the peer does not read ends only with its socket.
        _link?.Abort();
    }

    public override async ValueTask DisposeAsync()
    {
        if (_link is not null)
            await _link.DisposeAsync().ConfigureAwait(false);
        else
            _connection?.Abort();
        if (_target is DataTarget.Passive)
            _target.Dispose();
        await base.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Moves the content. 226 is returned only if all of it arrived where it should.</summary>
    protected abstract ValueTask<Reply> MoveAsync(DataLink link, CancellationToken cancellationToken);

    /// <summary>The data connection is there, in clear as yet; called once or twice, first before 150 if it was made by then.</summary>
    protected virtual void Connected(DataConnection connection)
    {
    }

    /// <summary>Called when <see cref="MoveAsync"/> failed, with the cause; an upload gives up here.</summary>
    protected virtual ValueTask GiveUpAsync(Exception exception) => ValueTask.CompletedTask;

    private async ValueTask<Reply> MoveGuardedAsync(DataLink link)
    {
        try
        {
            return await MoveAsync(link, Stopping).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Reply reply = FromFailure(exception);
            // The peer must not take a cut transfer for a whole one, so the connection is reset before anything else.
            link.Abort();
            try
            {
                await GiveUpAsync(exception).ConfigureAwait(false);
            }
            catch (Exception second)
            {
                Log.GiveUpFailed(_session.Logger, _session.Id, Description, second);
            }
            return reply;
        }
    }

    private async ValueTask<Reply> OpenLinkAsync()
    {
        if (_target is DataTarget.Passive passive)
            _connection = await passive.Wait.TakeAsync(Stopping).ConfigureAwait(false);
        if (_connection is null)
            return Replies.CannotOpenData;
        Connected(_connection);
        Meter.Touch();
        _link = new DataLink(_connection, Meter, Options.Data.BufferSize, IsDownload);
        if (Cause != StopCause.None)
            return Replies.TransferAborted;
        return _protect ? await SecureAsync(_link).ConfigureAwait(false) : Reply.None;
    }

    private async ValueTask<Reply> SecureAsync(DataLink link)
    {
        using CancellationTokenSource limit = new(Options.Tls.HandshakeTimeout, _session.Clock);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, Stopping);
        try
        {
            if (_tlsClient)
            {
                await link.SecureAsClientAsync(TlsOptions.ForServerToServer(), either.Token).ConfigureAwait(false);
                return Reply.None;
            }
            SslServerAuthenticationOptions? options = await _session.GetDataTlsOptionsAsync(either.Token).ConfigureAwait(false);
            if (options is null)
                return Replies.DataTlsFailed;
            await link.SecureAsServerAsync(TlsOptions.ForServer(options, isData: true), either.Token).ConfigureAwait(false);
            return DataTlsCheck.Verify(_session, link);
        }
        catch (Exception exception) when (exception is AuthenticationException or IOException or SocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            if (Cause != StopCause.None)
                return FromFailure(exception);
            // A client that resets is gone; it has not failed to negotiate.
            if (exception is SocketException { SocketErrorCode: SocketError.ConnectionReset } || exception.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset })
                return Broken(exception);
            Log.DataHandshakeFailed(_session.Logger, _session.Id, exception.Message);
            return Replies.DataTlsFailed;
        }
    }

    /// <summary>Ends the data connection. 226 stays only if the peer has got all that was sent.</summary>
    private async ValueTask<Reply> CloseLinkAsync(Reply reply)
    {
        if (_link is not { } link)
        {
            _connection?.Abort();
            return reply;
        }
        try
        {
            if (reply.Code == 226 && !IsDownload)
                await link.CloseAsync(Options.Tls.CloseTimeout, _session.Clock, Stopping).ConfigureAwait(false);
            else if (reply.Code == 226 && !await link.DeliverAsync(Options.Tls.CloseTimeout, _session.Clock, Stopping).ConfigureAwait(false))
                reply = Broken(new DataConnectionException("The client reset the connection before it had got everything."));
        }
        catch (Exception exception)
        {
            reply = FromFailure(exception);
        }
        if (reply.Code == 226 && link.AwaitsPeer)
        {
            (_link, _connection) = (null, null);
            _session.Linger(link);
        }
        else
        {
            if (reply.Code == 226)
                link.Release();
            await link.DisposeAsync().ConfigureAwait(false);
        }
        return reply;
    }

    private Reply FromFailure(Exception exception)
    {
        switch (Cause)
        {
            case StopCause.Stalled:
                return Replies.TransferTimedOut;
            case not StopCause.None:
                return Replies.TransferAborted;
        }
        switch (exception)
        {
            case FtpDriverException { Error: FtpError.Unavailable } unavailable:
                Log.DriverUnavailable(_session.Logger, _session.Id, Description, unavailable);
                return Replies.LocalTransferError;
            case FtpDriverException driver:
                return DriverReplies.Of(driver.Error, _path.Text);
            case DataConnectionException or SocketException:
            case IOException when exception.InnerException is SocketException:
                return Broken(exception);
            default:
                Log.TransferFailed(_session.Logger, _session.Id, Description, exception);
                return Replies.LocalTransferError;
        }
    }

    private Reply Broken(Exception exception)
    {
        Log.DataConnectionBroke(_session.Logger, _session.Id, Description, exception.InnerException?.Message ?? exception.Message);
        return Replies.TransferAborted;
    }

    private FtpTransferInfo Describe(int code) => new()
    {
        Session = _session,
        Verb = _verb,
        Path = _path,
        IsDownload = IsDownload,
        IsProtected = _protect,
        IsBinary = _session.Parameters.IsBinary,
        StartedAt = _startedAt,
        Duration = _session.Clock.GetUtcNow() - _startedAt,
        Bytes = Meter.Bytes,
        ContentBytes = ContentBytes,
        IsCompressed = IsCompressed,
        ReplyCode = code,
        LeftPartial = LeftPartial,
        UploadEnd = UploadEnd,
    };
}
