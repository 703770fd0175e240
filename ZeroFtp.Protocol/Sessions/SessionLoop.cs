using Microsoft.Extensions.Logging;
using System.Net.Sockets;
using System.Security.Authentication;
using ZeroFtp.Protocol.Commands;
using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Diagnostics;
using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Protocol.Sessions;

/// <summary>
/// The actor that owns a session: it reads command lines, runs verbs, writes replies, and keeps at most one activity running beside it. It waits for "the next line or the activity's end", and
/// nothing else changes the session. From outside it can only be asked to end.
/// </summary>
internal sealed partial class SessionLoop : IAsyncDisposable
{
    private const int YieldEvery = 32;

    private readonly FtpSession _session;
    private readonly SessionContext _context;
    private readonly CommandInput _input;
    private readonly ReplyOutput _output;
    private readonly CommandRunner _runner;
    private readonly DeferredCommands _deferred;
    private readonly CancellationTokenSource _ended = new();
    private readonly TimeProvider _clock;
    private Task<Reply>? _stage;
    private bool _isSecondStage;
    private bool _isClosing;
    private bool _clientHasLeft;
    private string _closeReason = "closed by the client";
    private long _lastActivity;
    private int _isWaiting;
    private Ending? _ending;
    private string? _notice;
    private bool _wasWelcomed;
    private bool _wasOpened;

    public SessionLoop(FtpSession session)
    {
        _session = session;
        _context = session.Context;
        _clock = session.Clock;
        _input = new CommandInput(session.Control, session.Options.Limits.MaxLineLength);
        _output = new ReplyOutput(session.Control, _clock);
        _runner = new CommandRunner(session);
        _deferred = new DeferredCommands(session.Options.Limits.MaxDeferredBytes);
        _lastActivity = _clock.GetTimestamp();
    }

    public FtpSession Session => _session;

    /// <summary>Serves the session to its end. Never throws.</summary>
    public async Task RunAsync()
    {
        try
        {
            if (await OpenAsync().ConfigureAwait(false))
                await ServeAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException or OperationCanceledException or AuthenticationException)
        {
            _closeReason = _ending?.Reason ?? "connection lost";
            Log.ConnectionLost(_session.Logger, _session.Id, exception.Message);
        }
        catch (Exception exception)
        {
            _closeReason = "internal error";
            Log.SessionFailed(_session.Logger, _session.Id, exception);
        }
        finally
        {
            await LeaveAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Shows a line of text with the next reply that no client parses (REP-5).</summary>
    public void Post(string notice) => Interlocked.Exchange(ref _notice, notice);

    public async ValueTask DisposeAsync()
    {
        _input.Dispose();
        _ended.Dispose();
        _session.EndLinger();
        await _session.Control.DisposeAsync().ConfigureAwait(false);
    }

    private async ValueTask<bool> OpenAsync()
    {
        WelcomeResult welcome = await _context.Driver.WelcomeAsync(_session, _ended.Token).ConfigureAwait(false);
        if (!welcome.IsAccepted)
        {
            _closeReason = "refused";
            // Under implicit TLS nothing may be said in clear.
            if (!_session.IsImplicit)
                Write(welcome.Text is { } reason ? Reply.OfLines(421, reason) : Replies.AddressRefused);
            await FlushAsync().ConfigureAwait(false);
            return false;
        }
        _wasWelcomed = true;
        _session.MakeOwnLimiters();
        if (_session.IsImplicit)
        {
            if (!await SecureAsync().ConfigureAwait(false))
                return false;
            _session.Security.ProtectData = true;
        }
        _wasOpened = true;
        _session.Events.SessionOpened(_session);
        Log.SessionOpened(_session.Logger, _session.Id, _session.RemoteEndPoint);
        if (_context.Logins.IsBarred(_session.ClientNetwork))
        {
            _closeReason = "too many failed logins from this address";
            Write(Replies.TooManyFailures);
            await FlushAsync().ConfigureAwait(false);
            return false;
        }
        Write(Reply.OfLines(220, welcome.Text ?? _session.Options.Greeting));
        return true;
    }

    private async ValueTask ServeAsync()
    {
        int readAtOnce = 0;
        while (!_isClosing)
        {
            if (_stage is { IsCompleted: true })
            {
                await AdvanceActivityAsync().ConfigureAwait(false);
                continue;
            }
            if (_ending is { } ending && (_stage is null || !ending.WaitsForTransfer))
            {
                await EndNowAsync(ending).ConfigureAwait(false);
                break;
            }
            if (_stage is null && _deferred.TryDequeue(out PendingCommand deferred))
            {
                await ExecuteAsync(deferred).ConfigureAwait(false);
                continue;
            }
            if (_input.HasOctets && (_stage is null || !_deferred.AreFull))
            {
                bool hasCommand = _input.TryTake(out PendingCommand command);
                _output.Write(_input.TakeTelnetAnswers());
                if (hasCommand)
                    await TakeAsync(command).ConfigureAwait(false);
                continue;
            }
            await FlushAsync().ConfigureAwait(false);
            await HeedLostRepliesAsync().ConfigureAwait(false);
            ValueTask waiting = WaitAsync();
            if (!waiting.IsCompletedSuccessfully)
            {
                readAtOnce = 0;
                await waiting.ConfigureAwait(false);
            }
            else if (++readAtOnce == YieldEvery)
            {
                // A client that always has more to say would keep this thread.
                readAtOnce = 0;
                await Task.Yield();
            }
        }
        await FlushAsync().ConfigureAwait(false);
    }

    /// <summary>Waits for octets from the client or for the end of the activity's stage.</summary>
    private async ValueTask WaitAsync()
    {
        if (_clientHasLeft)
        {
            await WaitForStageAsync().ConfigureAwait(false);
            return;
        }
        if (_stage is not null)
        {
            await WaitBesideStageAsync(_stage).ConfigureAwait(false);
        }
        else
        {
            // An octet now and then is no activity; a whole line is.
            if (!_input.HoldsPartialLine)
                Volatile.Write(ref _lastActivity, _clock.GetTimestamp());
            Volatile.Write(ref _isWaiting, 1);
            // An ending that was asked for before the read was pending must not be slept through.
            if (Volatile.Read(ref _ending) is not null)
                _input.Wake();
            await _input.WaitAsync(_ended.Token).ConfigureAwait(false);
            Volatile.Write(ref _isWaiting, 0);
        }
        if (_input.HasEnded)
            LoseClient();
    }

    private ValueTask TakeAsync(PendingCommand command)
    {
        if (_stage is null)
            return ExecuteAsync(command);
        if (command.Verb is { } verb && verb.Has(Needs.DuringTransfer) && _session.Running is { } running)
        {
            if (verb.Name == "ABOR")
            {
                // The transfer answers 426 first, and so do those that wait; ABOR's own 226 follows in its turn.
                _session.WasAborted = true;
                _deferred.Abort();
                running.Stop(StopCause.ClientAbort);
            }
            else if (_deferred.Count == 0 && command.Argument.Length == 0 && !running.IsReplying)
            {
                Write(running.Progress());
                return ValueTask.CompletedTask;
            }
        }
        _deferred.Enqueue(command);
        if (command.Verb?.Name == "QUIT")
            _session.Running?.ControlRead(hasQuit: true);
        return ValueTask.CompletedTask;
    }

    private ValueTask ExecuteAsync(PendingCommand command)
    {
        if (_session.Logger.IsEnabled(LogLevel.Debug))
            Log.Command(_session.Logger, _session.Id, command.ToString());
        ValueTask<Outcome> run = _runner.RunAsync(command, _ended.Token);
        if (run.IsCompletedSuccessfully)
        {
            Outcome outcome = WithNotice(command, run.Result);
            if (outcome.Activity is null && outcome.After == After.Continue)
            {
                Write(outcome.Reply);
                return _output.IsFull ? FlushAsync() : ValueTask.CompletedTask;
            }
            return SettleAsync(outcome, command.IsAborted);
        }
        return AwaitAsync(command, run);
    }

    private async ValueTask AwaitAsync(PendingCommand command, ValueTask<Outcome> run)
    {
        Task<Outcome> task = run.AsTask();
        if (_session.Login.Attempt is { } attempt)
            await WatchLoginAsync(attempt, task).ConfigureAwait(false);
        await SettleAsync(WithNotice(command, await task.ConfigureAwait(false)), command.IsAborted).ConfigureAwait(false);
        if (_output.IsFull)
            await FlushAsync().ConfigureAwait(false);
    }

    /// <summary>An operator's notice goes with the next reply that no client takes apart.</summary>
    private Outcome WithNotice(in PendingCommand command, in Outcome outcome)
    {
        if (Volatile.Read(ref _notice) is null || command.Verb is not { } verb || !verb.Has(Needs.CarriesNotice) || !outcome.Reply.IsPositive || outcome.Reply.Lines is not null)
            return outcome;
        string? notice = Interlocked.Exchange(ref _notice, null);
        return notice is null ? outcome : outcome with { Reply = Reply.Of(outcome.Reply.Code, [notice], outcome.Reply.Text) };
    }

    private async ValueTask SettleAsync(Outcome outcome, bool isAborted)
    {
        if (outcome.Activity is { } activity)
        {
            if (isAborted)
            {
                await activity.DisposeAsync().ConfigureAwait(false);
                _session.WasAborted = true;
                Write(activity.Aborted);
                return;
            }
            _session.Running = activity;
            _isSecondStage = false;
            _stage = activity.PrepareAsync().AsTask();
            if (_stage.IsCompleted)
                await AdvanceActivityAsync().ConfigureAwait(false);
            return;
        }
        Write(outcome.Reply);
        switch (outcome.After)
        {
            case After.Close:
                _closeReason = outcome.Reply.Code == 221 ? "QUIT" : outcome.Reply.Text;
                _isClosing = true;
                break;
            case After.Secure:
                await StartTlsAsync().ConfigureAwait(false);
                break;
            case After.Clear:
                await EndTlsAsync().ConfigureAwait(false);
                break;
        }
    }

    /// <summary>A stage of the activity is over: the preliminary reply and the next stage follow, or the final reply.</summary>
    private async ValueTask AdvanceActivityAsync()
    {
        Activity activity = _session.Running!;
        Reply reply = await _stage!.ConfigureAwait(false);
        if (!_isSecondStage && reply.IsNone)
        {
            if (!activity.Opening.IsNone)
            {
                Write(activity.Opening);
                await FlushAsync().ConfigureAwait(false);
            }
            _isSecondStage = true;
            _stage = activity.RunAsync().AsTask();
            return;
        }
        if (reply.IsPart)
        {
            Write(reply);
            await FlushAsync().ConfigureAwait(false);
            if (_output.Failure is not null)
                activity.Stop(StopCause.ControlLost);
            _stage = activity.RunAsync().AsTask();
            return;
        }
        _stage = null;
        _session.Running = null;
        await activity.DisposeAsync().ConfigureAwait(false);
        Volatile.Write(ref _lastActivity, _clock.GetTimestamp());
        if (activity.Cause != StopCause.ControlLost)
            Write(reply);
    }

    private void Write(Reply reply)
    {
        if (reply.IsNone)
            return;
        if (_session.Logger.IsEnabled(LogLevel.Debug))
            Log.ReplySent(_session.Logger, _session.Id, reply.ToString());
        _output.Write(reply);
    }
}
