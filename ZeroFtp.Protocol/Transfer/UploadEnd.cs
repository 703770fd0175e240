using System.Net.Sockets;
using ZeroFtp.Protocol.Data;
using ZeroFtp.Protocol.Events;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Protocol.Transfer;

/// <summary>Decides whether the end of the data is the end of an upload: whether what arrived is a whole file, or what a client sent before it was lost.</summary>
/// <remarks>
/// <para>
/// In MODE S a file ends with its connection, whether the client closed it or the client's kernel did, which closes all that a killed client had open. Under TLS close_notify says that the data are whole; without it
/// they are so only while the control connection is open. In clear what tells is the control connection: as long as it is open, or after QUIT, the end of the data is the end of the upload.
/// </para>
/// <para>
/// If both connections have ended, there are three cases. Control ended first: the client is lost. A killed client whose last bytes were still on their way is seen like that, since they hold back the end of its data.
/// Data ended first, right behind the last bytes: a client that has sent all and closes both; the upload is whole. Data ended first, but after a silence: Linux was seen to close the sockets of a killed process in the
/// reverse of the order in which they were opened, data first; nobody pauses between the last byte and closing both at once, so the client is taken as lost.
/// </para>
/// <para>
/// The order that counts is that of arrival. It is looked up when the end of the data is read, or when the session loop sees the end of the control connection, whichever comes first; both looks give the
/// same answer. Nothing waits for the client. Example: a camera sends 5,000 bytes, closes data and then control. The loop may read the end of control while the bytes are unread; <see cref="EndWatch"/> says that
/// data ended first, so the transfer goes on to its end, finds that the end came right behind the bytes, and is stored.
/// </para>
/// </remarks>
internal sealed class UploadEnd(FtpSession session, bool isProtected) : DataEndObserver, IDisposable
{
    public const string ControlEndedFirst = "The control connection ended before the data, without QUIT.";

    /// <summary>Many times what lies between the two ends of a process that is killed, and less than a client notices.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(50);

    /// <summary>The same for an end that came after a silence, which a client that stays rarely makes: a busy machine may take its time between the two.</summary>
    private static readonly TimeSpan GraceAfterSilence = TimeSpan.FromMilliseconds(250);

    private readonly TaskCompletionSource<bool> _quit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private EndWatch? _watch;
    private Socket? _data;
    private DataLink? _link;
    private volatile bool _isConnected;
    private volatile bool _isControlLost;
    private volatile bool _isReading;
    private volatile bool _isDecided;
    private long _endedAt;

    /// <summary>How the data ended.</summary>
    public FtpUploadEnd How { get; private set; }

    /// <summary>Whether the upload was interrupted because the control connection had ended.</summary>
    public bool IsClientLost { get; private set; }

    /// <summary>Whether the data connection has not come, and may be on its way from the system: over sockets only.</summary>
    public bool MayConnect => !_isConnected && session.Control.Socket is not null;

    private bool IsWatchedFirst => _watch?.DataEndedFirst == true;

    /// <summary>The data connection is there. Called before 150 if it was made by then, so that no client that waits for 150 can end it unseen.</summary>
    public void Connected(DataConnection connection)
    {
        lock (_quit)
        {
            if (_isConnected)
                return;
            _data = connection.Socket;
            if (!isProtected && _data is not null && session.Control.Socket is { } control)
                _watch = EndWatch.TryCreate(_data, control);
            _isConnected = true;
        }
    }

    /// <summary>The content is about to be read.</summary>
    public void Begin(DataLink link) => _link = link;

    /// <summary>The session loop has read the control connection as far as it can: up to QUIT, or as much as may wait.</summary>
    public void ControlRead(bool hasQuit) => _quit.TrySetResult(hasQuit);

    /// <summary>The control connection has ended without QUIT. Called by the session loop.</summary>
    /// <returns>Whether the upload has ended already, or goes on to the end of its data all the same; otherwise it is to be stopped now.</returns>
    public bool Outlives()
    {
        _isControlLost = true;
        Interlocked.MemoryBarrier();
        _quit.TrySetResult(false);
        if (_isDecided || IsWatchedFirst)
            return true;
        if (!_isConnected)
            return false;
        // Under TLS only the end of the data tells. In clear it is certain by now that the upload is interrupted, but what has arrived is kept: the next read that would have to wait gives up.
        // That holds as well while TLS is still being negotiated or the upload opened: what the client sent may be there, close_notify and all.
        if (isProtected || session.TrustsEndOfData || !_isReading || HasArrived())
            return true;
        How = FtpUploadEnd.ControlFirst;
        IsClientLost = true;
        return false;
    }

    /// <summary>Called before each read of the data connection.</summary>
    /// <exception cref="DataConnectionException">The control connection has ended, and all that arrived before was read.</exception>
    public override void BeforeRead()
    {
        _isReading = true;
        Interlocked.MemoryBarrier();
        if (_isControlLost && !isProtected && !session.TrustsEndOfData && !IsWatchedFirst && !HasArrived())
            throw Lost(FtpUploadEnd.ControlFirst);
    }

    /// <summary>Called after each read that gave something.</summary>
    public override void AfterRead() => _isReading = false;

    /// <summary>The data connection broke.</summary>
    public override void Broke()
    {
        if (How == FtpUploadEnd.None)
            How = FtpUploadEnd.Reset;
    }

    /// <summary>The end of the data was read.</summary>
    /// <exception cref="DataConnectionException">The upload is interrupted.</exception>
    public override async ValueTask EndedAsync(CancellationToken cancellationToken)
    {
        if (isProtected && !_link!.EndedWithoutCloseNotify)
        {
            How = FtpUploadEnd.CloseNotify;
        }
        else if (isProtected && session.Options.Tls.RequireCloseNotify)
        {
            How = FtpUploadEnd.WithoutCloseNotify;
            throw new DataConnectionException("The upload was closed without close_notify.");
        }
        else if (isProtected)
        {
            // Without close_notify the answer is left to the control connection, and that is looked at before the commit.
            How = FtpUploadEnd.WithoutCloseNotify;
        }
        else
        {
            bool isLost = IsControlFirst() && !await HasQuitAsync(cancellationToken).ConfigureAwait(false);
            if (isLost && !session.TrustsEndOfData)
                throw Lost(FtpUploadEnd.ControlFirst);
            How = isLost ? FtpUploadEnd.ControlFirst : FtpUploadEnd.Closed;
        }
        _endedAt = session.Clock.GetTimestamp();
        _isDecided = true;
    }

    /// <summary>
    /// Called before the commit. Only an end that is in doubt is looked at here: a client that dies ends both connections, its control connection microseconds after the data as often as before. So the control
    /// connection gets a moment from the end of the data on, most of which has passed while the last bytes were stored.
    /// </summary>
    /// <exception cref="DataConnectionException">The upload is interrupted.</exception>
    public async ValueTask ConfirmAsync(CancellationToken cancellationToken)
    {
        if (session.TrustsEndOfData || _quit.Task is { IsCompletedSuccessfully: true, Result: true } || How is not (FtpUploadEnd.WithoutCloseNotify or FtpUploadEnd.Closed))
            return;
        bool isAfterSilence = _data is not null && SilenceBeforeEnd.WasSeen(_data);
        if (!isProtected && !(isAfterSilence && _watch is not null))
            return;
        TimeSpan left = (isAfterSilence ? GraceAfterSilence : Grace) - session.Clock.GetElapsedTime(_endedAt);
        if (_data is not null && left > TimeSpan.Zero && !IsControlFirst())
            await Task.WhenAny(_quit.Task, Task.Delay(left, session.Clock, cancellationToken)).ConfigureAwait(false);
        if (IsControlFirst() && !await HasQuitAsync(cancellationToken).ConfigureAwait(false))
            throw Lost(isProtected ? How : FtpUploadEnd.ControlFirst);
    }

    public void Dispose() => _watch?.Dispose();

    /// <summary>In clear: whether the end of the data did not follow the last bytes at once.</summary>
    private bool IsAfterSilence => !isProtected && _watch is not null && _data is not null && SilenceBeforeEnd.WasSeen(_data);

    private bool IsControlFirst()
    {
        if (isProtected)
            return _isControlLost || (session.Control.Socket is { } control && NativePoll.HasEnded(control));
        if (_watch is null)
            return _isControlLost;
        return _watch.DataEndedFirst ? IsAfterSilence && (_isControlLost || _watch.ControlEnded) : _isControlLost || _watch.ControlEndedFirst;
    }

    /// <summary>QUIT may stand unread before the end that was seen. What has arrived is read by the session loop at once; the client is not waited for.</summary>
    private ValueTask<bool> HasQuitAsync(CancellationToken cancellationToken) => new(_quit.Task.WaitAsync(cancellationToken));

    private bool HasArrived()
    {
        try
        {
            return _data is { Available: > 0 } || _watch?.DataEnded == true;
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    private DataConnectionException Lost(FtpUploadEnd how)
    {
        How = how;
        IsClientLost = true;
        return new DataConnectionException(ControlEndedFirst);
    }
}
