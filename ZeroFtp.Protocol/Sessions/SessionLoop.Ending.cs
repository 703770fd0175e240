using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Diagnostics;

namespace ZeroFtp.Protocol.Sessions;

/// <summary>How a session comes to its end: asked to from outside, when a limit has run out, or by itself; and how it is taken apart.</summary>
internal sealed partial class SessionLoop
{
    /// <summary>Asks the session to end with a 421, at once or after its running transfer. May be called from any thread, repeatedly; the first call counts.</summary>
    public void End(Reply reply, string reason, StopCause cause, bool waitsForTransfer)
    {
        Ending ending = new(reply, reason, cause, waitsForTransfer);
        Ending? earlier = Interlocked.CompareExchange(ref _ending, ending, null);
        if (earlier is { WaitsForTransfer: true } && !waitsForTransfer)
            Volatile.Write(ref _ending, ending);
        else if (earlier is not null)
            return;
        Wake();
    }

    /// <summary>Ends everything that the session waits for; its connection is then closed without a word.</summary>
    public void Cut()
    {
        _session.Running?.Stop(StopCause.ServerStopping);
        try
        {
            _ended.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It is over already.
        }
    }

    /// <summary>Called about once a second: ends the session if a limit has run out, and its transfer if nothing moves.</summary>
    public void CheckLimits()
    {
        if (_output.HungFor > _session.IdleTimeout)
        {
            // Also beside a transfer: the loop hangs in this flush and would not notice that the transfer has ended.
            End(Replies.IdleTimedOut(_session.IdleTimeout), "the client does not read its replies", StopCause.Kicked, waitsForTransfer: false);
            Cut();
            return;
        }
        if (_session.Running is { } running)
        {
            if (running.Silence > _session.Options.Data.StallTimeout)
                running.Stop(StopCause.Stalled);
            return;
        }
        if (!_session.IsLoggedIn && _clock.GetUtcNow() - _session.LoginClockStart > _session.Options.Limits.LoginTimeout)
        {
            End(Replies.LoginTimedOut, "login time-out", StopCause.Kicked, waitsForTransfer: false);
            if (_output.HungFor > TimeSpan.Zero)
                Cut();
        }
        else if (Volatile.Read(ref _isWaiting) == 1 && _clock.GetElapsedTime(Volatile.Read(ref _lastActivity)) > _session.IdleTimeout)
        {
            End(Replies.IdleTimedOut(_session.IdleTimeout), "idle time-out", StopCause.Kicked, waitsForTransfer: false);
        }
    }

    private void Wake()
    {
        _input.Wake();
        if (_ending is not { } ending)
            return;
        _session.Login.Attempt?.GiveUp();
        if (!ending.WaitsForTransfer)
            _session.Running?.Stop(ending.Cause);
    }

    private async ValueTask EndNowAsync(Ending ending)
    {
        _closeReason = ending.Reason;
        if (_session.Running is { } running)
        {
            running.Stop(ending.Cause);
            while (_stage is not null)
            {
                await Task.WhenAny(_stage).ConfigureAwait(false);
                await AdvanceActivityAsync().ConfigureAwait(false);
            }
        }
        Write(ending.Reply);
        _isClosing = true;
    }

    /// <summary>Takes the session apart. Each step is done whatever became of the one before, so that no failure keeps a place, a port or a driver.</summary>
    private async ValueTask LeaveAsync()
    {
        // Leaving clears it.
        string? user = _session.User;
        await StepAsync(EndActivityAsync).ConfigureAwait(false);
        await StepAsync(EndReadingAsync).ConfigureAwait(false);
        _session.SetTarget(null);
        await StepAsync(async () =>
        {
            using CancellationTokenSource limit = new(_session.Options.Tls.CloseTimeout, _clock);
            await _session.Control.CloseAsync(limit.Token).ConfigureAwait(false);
        }).ConfigureAwait(false);
        await StepAsync(() => UserLeaving.LeaveUserAsync(_session)).ConfigureAwait(false);
        if (_wasWelcomed)
            await StepAsync(() => _context.Driver.LeftAsync(_session)).ConfigureAwait(false);
        if (_wasOpened)
            _session.Events.SessionClosed(_session, _closeReason);
        if (user is null)
            Log.SessionClosed(_session.Logger, _session.Id, _closeReason);
        else
            Log.UserSessionClosed(_session.Logger, _session.Id, Printable.Text(user), _session.RemoteEndPoint, _closeReason);
    }

    private async ValueTask StepAsync(Func<ValueTask> step)
    {
        try
        {
            await step().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Log.SessionFailed(_session.Logger, _session.Id, exception);
        }
    }

    private async ValueTask EndActivityAsync()
    {
        if (_session.Running is not { } running)
            return;
        running.Stop(StopCause.ControlLost);
        if (_stage is not null)
            await Task.WhenAny(_stage).ConfigureAwait(false);
        _session.Running = null;
        await running.DisposeAsync().ConfigureAwait(false);
    }

    private async ValueTask EndReadingAsync()
    {
        try
        {
            await _input.SettleAsync().ConfigureAwait(false);
            _input.Release();
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The read that was pending ended with the connection.
        }
    }

    private sealed record Ending(Reply Reply, string Reason, StopCause Cause, bool WaitsForTransfer);
}
