using System.Buffers;
using System.IO.Pipelines;
using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Tls;

namespace ZeroFtp.Protocol.Sessions;

/// <summary>
/// What comes over a control connection: it reads ahead while something else runs, cuts commands out, and gives unread octets back before somebody else reads (TLS). Used by the session loop alone,
/// but for <see cref="Wake"/>.
/// </summary>
internal sealed class CommandInput(ControlChannel control, int maxLineLength) : IDisposable
{
    private const byte TlsHandshakeRecord = 0x16;

    private readonly ControlReader _reader = new(maxLineLength);
    private ReadOnlySequence<byte> _octets;
    private Task<ReadResult>? _read;
    private bool _isFirstLine = true;

    /// <summary>Whether there are octets that have not been looked at.</summary>
    public bool HasOctets { get; private set; }

    /// <summary>Whether the client has ended the stream, of TLS or of the connection, and all it sent has been taken.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Whether the beginning of a line has come, and not its end.</summary>
    public bool HoldsPartialLine => _reader.HasPartialLine;

    /// <summary>Whether anything but the beginning of a TLS handshake has come, or half a line.</summary>
    public bool HoldsClearText => _reader.HasPartialLine || (HasOctets && Sequences.SkipEmpty(_octets).FirstSpan[0] != TlsHandshakeRecord);

    /// <summary>Makes a pending wait, or the next one, return. May be called from any thread.</summary>
    public void Wake() => control.Input.CancelPendingRead();

    /// <summary>Waits until something came, the client has closed, or <see cref="Wake"/> was called.</summary>
    public async ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        Task<ReadResult>? pending = _read;
        _read = null;
        Accept(pending is not null ? await pending.ConfigureAwait(false) : await control.Input.ReadAsync(cancellationToken).ConfigureAwait(false));
    }

    /// <summary>As <see cref="WaitAsync"/>, but returns also when <paramref name="other"/> is complete; the wait then goes on by itself.</summary>
    public async ValueTask WaitBesideAsync(Task other, CancellationToken cancellationToken)
    {
        // With octets still waiting nothing more is read: that is the back-pressure on the client.
        if (!HasOctets)
            _read ??= control.Input.ReadAsync(cancellationToken).AsTask();
        if (_read is null)
            await Task.WhenAny(other).ConfigureAwait(false);
        else
            await Task.WhenAny(_read, other).ConfigureAwait(false);
        if (_read is { IsCompleted: true })
            await WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes what has already arrived, without waiting for more; false if nothing has.</summary>
    public async ValueTask<bool> PollAsync(CancellationToken cancellationToken)
    {
        if (!HasOctets)
            await SettleAsync().ConfigureAwait(false);
        while (!HasOctets && !HasEnded)
        {
            ValueTask<ReadResult> read = control.Input.ReadAsync(cancellationToken);
            if (!read.IsCompleted)
            {
                _read = read.AsTask();
                return false;
            }
            // A read that Wake ended has not looked for bytes.
            Accept(await read.ConfigureAwait(false));
        }
        return HasOctets;
    }

    /// <summary>Cuts the next command out; false if no whole one is left. <see cref="TakeTelnetAnswers"/> says what the octets before it demand.</summary>
    public bool TryTake(out PendingCommand command)
    {
        command = default;
        if (_isFirstLine && !control.IsProtected && _octets.FirstSpan[0] == TlsHandshakeRecord)
        {
            // A ClientHello on a clear port, which may never bring a line end.
            command = PendingCommand.Foreign;
            return true;
        }
        LineStatus status = _reader.TryRead(ref _octets, out ReadOnlySpan<byte> line);
        bool taken = status != LineStatus.Incomplete && !(status == LineStatus.Complete && line.IsEmpty);
        if (taken)
        {
            _isFirstLine = false;
            command = PendingCommand.Parse(status, line);
        }
        if (_octets.IsEmpty)
        {
            control.Input.AdvanceTo(_octets.End);
            HasOctets = false;
        }
        return taken;
    }

    /// <summary>The Telnet answers that are due; empty if there are none.</summary>
    public byte[] TakeTelnetAnswers() => _reader.HasAnswers ? _reader.TakeAnswers() : [];

    /// <summary>Ends a read that was started beside an activity.</summary>
    public async ValueTask SettleAsync()
    {
        if (_read is null)
            return;
        Wake();
        await WaitAsync(CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Gives the unread octets back to the connection, for whoever reads it next, and forgets a line that was begun.</summary>
    public void Release()
    {
        if (HasOctets)
            control.Input.AdvanceTo(_octets.Start);
        HasOctets = HasEnded = false;
        _isFirstLine = false;
        _reader.Reset();
    }

    public void Dispose() => _reader.Dispose();

    private void Accept(ReadResult result)
    {
        HasEnded = false;
        _octets = Sequences.SkipEmpty(result.Buffer);
        HasOctets = !_octets.IsEmpty;
        if (HasOctets)
            return;
        control.Input.AdvanceTo(_octets.End);
        HasEnded = result.IsCompleted;
    }
}
