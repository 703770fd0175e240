using System.Net.Sockets;
using System.Runtime.ExceptionServices;

namespace ZeroFtp.Protocol.Sessions;

/// <summary>
/// How a client leaves. If QUIT is waiting, its end of the connection is no loss: what it asked for before is done to the end, whether the replies can still be sent or not (RFC 959, QUIT). Any
/// other end of the control connection has the effect of ABOR and QUIT.
/// </summary>
internal sealed partial class SessionLoop
{
    private async ValueTask WaitBesideStageAsync(Task stage)
    {
        // Nothing more is read while too much waits.
        if (_input.HasOctets)
            _session.Running?.ControlRead(hasQuit: false);
        try
        {
            await _input.WaitBesideAsync(stage, _ended.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (_deferred.HoldQuit && exception is IOException or SocketException or ObjectDisposedException)
        {
            // A reset, from a client that did not wait for its last replies.
            _clientHasLeft = true;
        }
    }

    /// <summary>Waits until a password has been judged, and gives it up if the client goes away, or is to go, before that. A client that has sent more commands is still there.</summary>
    private async ValueTask WatchLoginAsync(LoginAttempt attempt, Task judged)
    {
        try
        {
            while (!judged.IsCompleted)
            {
                await _input.WaitBesideAsync(judged, _ended.Token).ConfigureAwait(false);
                if (!_input.HasEnded && Volatile.Read(ref _ending) is null)
                    continue;
                attempt.GiveUp();
                return;
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            attempt.GiveUp();
            _clientHasLeft = true;
            _isClosing = true;
        }
    }

    /// <summary>Once the client has left, nothing comes from it any more and only the activity is waited for.</summary>
    private async ValueTask WaitForStageAsync()
    {
        // With nothing left to run, QUIT has run. If the session goes on all the same, the verb is switched off.
        if (_stage is null)
            _isClosing = _deferred.Count == 0 && !_input.HasOctets;
        else
            await Task.WhenAny(_stage).ConfigureAwait(false);
    }

    /// <summary>The client has closed its side.</summary>
    private void LoseClient()
    {
        if (_deferred.HoldQuit)
        {
            _clientHasLeft = true;
            return;
        }
        _isClosing = true;
        _session.Running?.Stop(StopCause.ControlLost);
    }

    private async ValueTask FlushAsync()
    {
        await _output.FlushAsync(_ended.Token).ConfigureAwait(false);
        if (_session.Running is null && !_isClosing)
            await HeedLostRepliesAsync().ConfigureAwait(false);
    }

    /// <summary>Replies that cannot be sent end the session, unless the client has sent QUIT.</summary>
    private ValueTask HeedLostRepliesAsync() => _clientHasLeft || _output.Failure is not { } failure ? ValueTask.CompletedTask : HeedAsync(failure);

    private async ValueTask HeedAsync(Exception failure)
    {
        await TakeWhatCameAsync().ConfigureAwait(false);
        if (!_deferred.HoldQuit)
            ExceptionDispatchInfo.Throw(failure);
        _clientHasLeft = true;
    }

    /// <summary>Queues the commands that arrived before the client left: QUIT may be among them and decides what happens to the rest.</summary>
    private async ValueTask TakeWhatCameAsync()
    {
        try
        {
            while (!_deferred.HoldQuit && !_deferred.AreFull && await _input.PollAsync(_ended.Token).ConfigureAwait(false))
            {
                if (!_input.TryTake(out PendingCommand command))
                    continue;
                if (_stage is null)
                    _deferred.Enqueue(command);
                else
                    await TakeAsync(command).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException)
        {
            // The connection was reset. What arrived before that is queued.
        }
    }
}
