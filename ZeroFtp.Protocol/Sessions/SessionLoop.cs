using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Security.Authentication;
using ZeroFtp.Protocol.Commands;
using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Data;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Security;
using ZeroFtp.Protocol.Transfer;

namespace ZeroFtp.Protocol.Sessions;

/// <summary>
/// The actor that owns a session: it reads command lines, runs verbs, writes replies, and keeps at most one activity running beside it. It waits for "the next line or the activity's end", and
/// nothing else changes the session. From outside it can only be asked to end.
/// </summary>
internal sealed class SessionLoop : IAsyncDisposable
{
    /// <summary>Replies are sent when no further command is waiting, or when so many octets are unsent.</summary>
    private const int FlushThreshold = 32 * 1024;

    private readonly FtpSession _session;
    private readonly SessionContext _context;
    private readonly ControlReader _reader;
    private readonly CommandRunner _runner;
    private readonly Queue<PendingCommand> _deferred = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly TimeProvider _clock;
    private ReadOnlySequence<byte> _input;
    private bool _hasInput;
    private Task<ReadResult>? _read;
    private Task<Reply>? _stage;
    private bool _isSecondStage;
    private bool _isClosing;
    private int _unflushed;
    private bool _isFirstLine = true;
    private string _closeReason = "closed by the client";
    private long _lastActivity;
    private int _isWaiting;
    private int _isFlushing;
    private Ending? _ending;
    private string? _notice;
    private bool _wasWelcomed;

    public SessionLoop(FtpSession session)
    {
        _session = session;
        _context = session.Context;
        _clock = session.Clock;
        _reader = new ControlReader(session.Options.Limits.MaxLineLength);
        _runner = new CommandRunner(session);
        _lastActivity = _clock.GetTimestamp();
    }

    public FtpSession Session => _session;

    private sealed record Ending(Reply Reply, string Reason, StopCause Cause, bool WaitsForTransfer);

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

    /// <summary>Shows a line of text with the next reply that no client parses (REP-5).</summary>
    public void Post(string notice) => Interlocked.Exchange(ref _notice, notice);

    /// <summary>Called about once a second: ends the session if a limit has run out, and its transfer if nothing moves.</summary>
    public void CheckLimits()
    {
        if (Volatile.Read(ref _isFlushing) == 1 && _clock.GetElapsedTime(Volatile.Read(ref _lastActivity)) > _session.IdleTimeout)
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
            if (Volatile.Read(ref _isFlushing) == 1)
                Cut();
        }
        else if (Volatile.Read(ref _isWaiting) == 1 && _clock.GetElapsedTime(Volatile.Read(ref _lastActivity)) > _session.IdleTimeout)
        {
            End(Replies.IdleTimedOut(_session.IdleTimeout), "idle time-out", StopCause.Kicked, waitsForTransfer: false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _reader.Dispose();
        _ended.Dispose();
        await _session.Control.DisposeAsync().ConfigureAwait(false);
    }

    private void Wake()
    {
        _session.Control.Input.CancelPendingRead();
        if (_ending is { WaitsForTransfer: false } ending)
            _session.Running?.Stop(ending.Cause);
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
        _session.Events.SessionOpened(_session);
        Log.SessionOpened(_session.Logger, _session.Id, _session.RemoteEndPoint);
        if (_context.Logins.IsBarred(_session.PeerAddress))
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
            if (_hasInput && (_stage is null || _deferred.Count < _session.Options.Limits.MaxDeferredCommands))
            {
                if (TryTakeCommand(out PendingCommand command))
                    await TakeAsync(command).ConfigureAwait(false);
                continue;
            }
            await FlushAsync().ConfigureAwait(false);
            await WaitAsync().ConfigureAwait(false);
        }
        await FlushAsync().ConfigureAwait(false);
    }

    /// <summary>Waits for octets from the client or for the end of the activity's stage.</summary>
    private async ValueTask WaitAsync()
    {
        bool mayRead = !_hasInput;
        if (_stage is null)
        {
            Volatile.Write(ref _lastActivity, _clock.GetTimestamp());
            Volatile.Write(ref _isWaiting, 1);
            // An ending that was asked for before the read was pending must not be slept through.
            if (Volatile.Read(ref _ending) is not null)
                _session.Control.Input.CancelPendingRead();
            ReadResult result = _read is { } pending
                ? await pending.ConfigureAwait(false)
                : await _session.Control.Input.ReadAsync(_ended.Token).ConfigureAwait(false);
            Volatile.Write(ref _isWaiting, 0);
            _read = null;
            Accept(result);
            return;
        }
        if (mayRead)
            _read ??= _session.Control.Input.ReadAsync(_ended.Token).AsTask();
        if (_read is not null)
            await Task.WhenAny(_read, _stage).ConfigureAwait(false);
        else
            await Task.WhenAny(_stage).ConfigureAwait(false);
        if (_read is { IsCompleted: true } read)
        {
            _read = null;
            Accept(await read.ConfigureAwait(false));
        }
    }

    private void Accept(ReadResult result)
    {
        _input = Sequences.SkipEmpty(result.Buffer);
        _hasInput = !_input.IsEmpty;
        if (_hasInput)
            return;
        _session.Control.Input.AdvanceTo(_input.End);
        if (!result.IsCompleted)
            return;
        // Loss of the control connection has the effect of ABOR and QUIT (RFC 959, QUIT).
        _isClosing = true;
        _session.Running?.Stop(StopCause.ControlLost);
    }

    /// <summary>Cuts the next command out of the input; false if the input is used up.</summary>
    private bool TryTakeCommand(out PendingCommand command)
    {
        command = default;
        if (_isFirstLine && !_session.IsProtected && _input.FirstSpan[0] == 0x16)
        {
            // A TLS ClientHello on a clear port, which may never bring a line end.
            command = PendingCommand.Foreign;
            return true;
        }
        LineStatus status = _reader.TryRead(ref _input, out ReadOnlySpan<byte> line);
        bool isEmpty = status == LineStatus.Complete && line.IsEmpty;
        if (_reader.HasAnswers)
            WriteRaw(_reader.TakeAnswers());
        bool taken = false;
        if (status != LineStatus.Incomplete && !isEmpty)
        {
            _isFirstLine = false;
            command = PendingCommand.Parse(status, line);
            taken = true;
        }
        if (_input.IsEmpty)
        {
            _session.Control.Input.AdvanceTo(_input.End);
            _hasInput = false;
        }
        return taken;
    }

    private ValueTask TakeAsync(PendingCommand command)
    {
        if (_stage is null)
            return ExecuteAsync(command);
        if (command.Verb is { } verb && verb.Has(Needs.DuringTransfer) && _session.Running is { } running)
        {
            if (verb.Name == "ABOR")
            {
                // The transfer answers 426 first; ABOR's own 226 follows in its turn.
                _session.WasAborted = true;
                running.Stop(StopCause.ClientAbort);
            }
            else if (_deferred.Count == 0 && command.Argument.Length == 0)
            {
                Write(running.Progress());
                return ValueTask.CompletedTask;
            }
        }
        _deferred.Enqueue(command);
        return ValueTask.CompletedTask;
    }

    private ValueTask ExecuteAsync(PendingCommand command)
    {
        Log.Command(_session.Logger, _session.Id, command);
        ValueTask<Outcome> run = _runner.RunAsync(command, _ended.Token);
        if (run.IsCompletedSuccessfully)
        {
            Outcome outcome = WithNotice(command, run.Result);
            if (outcome.Activity is null && outcome.After == After.Continue)
            {
                Write(outcome.Reply);
                return _unflushed < FlushThreshold ? ValueTask.CompletedTask : FlushAsync();
            }
            return SettleAsync(outcome);
        }
        return AwaitAsync(command, run);
    }

    private async ValueTask AwaitAsync(PendingCommand command, ValueTask<Outcome> run)
    {
        await SettleAsync(WithNotice(command, await run.ConfigureAwait(false))).ConfigureAwait(false);
        if (_unflushed >= FlushThreshold)
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

    private async ValueTask SettleAsync(Outcome outcome)
    {
        if (outcome.Activity is { } activity)
        {
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
        _stage = null;
        _session.Running = null;
        await activity.DisposeAsync().ConfigureAwait(false);
        Volatile.Write(ref _lastActivity, _clock.GetTimestamp());
        if (activity.Cause != StopCause.ControlLost)
            Write(reply);
    }

    private async ValueTask StartTlsAsync()
    {
        await FlushAsync().ConfigureAwait(false);
        await SettleReadAsync().ConfigureAwait(false);
        if (_reader.HasPartialLine || _deferred.Count > 0 || (_hasInput && _input.FirstSpan[0] != 0x16))
        {
            // Clear octets behind AUTH would be taken for protected ones after the handshake (CVE-2011-0411).
            Write(Reply.Of(503, "Unexpected data after AUTH."));
            _closeReason = "clear text after AUTH";
            _isClosing = true;
            return;
        }
        ReleaseInput();
        if (!await SecureAsync().ConfigureAwait(false))
            _isClosing = true;
        _isFirstLine = false;
    }

    private async ValueTask<bool> SecureAsync()
    {
        using CancellationTokenSource limit = new(_session.Options.Tls.HandshakeTimeout, _clock);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _ended.Token);
        try
        {
            await _session.Control.SecureAsync(
                async (_, hello, _, token) =>
                {
                    _session.Security.ServerName = string.IsNullOrEmpty(hello.ServerName) ? null : hello.ServerName.ToLowerInvariant();
                    TlsRequest request = new() { Session = _session, ServerName = _session.Security.ServerName ?? _session.Host };
                    var options = await _context.Driver.GetTlsOptionsAsync(request, token).ConfigureAwait(false);
                    return TlsOptions.ForServer(options ?? throw new AuthenticationException("There is no certificate."), isData: false);
                },
                either.Token).ConfigureAwait(false);
            if (_session.Control.Observer is { } observer)
                _session.Security.Remember([.. observer.IssuedSessions, observer.OfferedTicket, observer.OfferedSessionId]);
            Log.Secured(_session.Logger, _session.Id, _session.Control.TlsDescription, _session.Control.Observer?.Resumed == true);
            return true;
        }
        catch (Exception exception) when (exception is AuthenticationException or IOException or OperationCanceledException or InvalidOperationException or NotSupportedException or System.ComponentModel.Win32Exception)
        {
            _closeReason = "TLS handshake failed";
            Log.HandshakeFailed(_session.Logger, _session.Id, exception.InnerException?.Message ?? exception.Message);
            return false;
        }
    }

    private async ValueTask EndTlsAsync()
    {
        await FlushAsync().ConfigureAwait(false);
        await SettleReadAsync().ConfigureAwait(false);
        ReleaseInput();
        using CancellationTokenSource limit = new(_session.Options.Tls.HandshakeTimeout, _clock);
        if (!await _session.Control.ReturnToClearAsync(limit.Token).ConfigureAwait(false))
        {
            _closeReason = "TLS was not ended properly";
            _isClosing = true;
        }
    }

    /// <summary>Ends a read that was started while an activity ran, so that somebody else may read.</summary>
    private async ValueTask SettleReadAsync()
    {
        if (_read is not { } read)
            return;
        _session.Control.Input.CancelPendingRead();
        ReadResult result = await read.ConfigureAwait(false);
        _read = null;
        Accept(result);
    }

    /// <summary>Gives the unread input back to the pipe, for whoever reads it next.</summary>
    private void ReleaseInput()
    {
        if (_hasInput)
            _session.Control.Input.AdvanceTo(_input.Start);
        _hasInput = false;
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

    private void Write(Reply reply)
    {
        if (reply.IsNone)
            return;
        Log.ReplySent(_session.Logger, _session.Id, reply);
        PipeWriter output = _session.Control.Output;
        ReplyWriter.Write(output, reply);
        _unflushed += reply.Encoded?.Length ?? (reply.Text.Length + 64 + ((reply.Lines?.Count ?? 0) * 80));
    }

    private void WriteRaw(byte[] octets)
    {
        _session.Control.Output.Write(octets);
        _unflushed += octets.Length;
    }

    private async ValueTask FlushAsync()
    {
        if (_unflushed == 0)
            return;
        _unflushed = 0;
        Volatile.Write(ref _lastActivity, _clock.GetTimestamp());
        Volatile.Write(ref _isFlushing, 1);
        Volatile.Write(ref _isWaiting, 1);
        FlushResult result = await _session.Control.Output.FlushAsync(_ended.Token).ConfigureAwait(false);
        Volatile.Write(ref _isWaiting, 0);
        Volatile.Write(ref _isFlushing, 0);
        if (result.IsCompleted)
            throw new IOException("The client does not read any more.");
    }

    /// <summary>Takes the session apart. Each step is done whatever became of the one before, so that no failure keeps a place, a port or a driver.</summary>
    private async ValueTask LeaveAsync()
    {
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
        {
            await StepAsync(() => _context.Driver.LeftAsync(_session)).ConfigureAwait(false);
            _session.Events.SessionClosed(_session, _closeReason);
        }
        Log.SessionClosed(_session.Logger, _session.Id, _closeReason);
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
        if (_read is not { } read)
        {
            ReleaseInput();
            return;
        }
        _session.Control.Input.CancelPendingRead();
        await Task.WhenAny(read).ConfigureAwait(false);
        if (read.IsCompletedSuccessfully)
            _session.Control.Input.AdvanceTo((await read.ConfigureAwait(false)).Buffer.End);
        else
            _ = read.Exception;
    }
}
