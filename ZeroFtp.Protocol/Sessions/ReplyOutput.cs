using System.Buffers;
using System.IO.Pipelines;
using ZeroFtp.Protocol.Control;

namespace ZeroFtp.Protocol.Sessions;

/// <summary>What goes over a control connection: replies are gathered and sent together. Used by the session loop alone, but for <see cref="HungFor"/>.</summary>
internal sealed class ReplyOutput(ControlChannel control, TimeProvider clock)
{
    /// <summary>So many unsent octets are sent although further commands are waiting.</summary>
    private const int Most = 32 * 1024;

    private int _unsent;
    private long _sendingSince;
    private int _isSending;

    public bool IsFull => _unsent >= Most;

    /// <summary>How long the client has not taken what is being sent; zero if nothing is. May be called from any thread.</summary>
    public TimeSpan HungFor => Volatile.Read(ref _isSending) == 0 ? TimeSpan.Zero : clock.GetElapsedTime(Volatile.Read(ref _sendingSince));

    public void Write(in Reply reply)
    {
        ReplyWriter.Write(control.Output, reply);
        _unsent += reply.Encoded?.Length ?? (reply.Text.Length + 64 + ((reply.Lines?.Count ?? 0) * 80));
    }

    public void Write(byte[] octets)
    {
        if (octets.Length == 0)
            return;
        control.Output.Write(octets);
        _unsent += octets.Length;
    }

    /// <exception cref="IOException">The client does not read any more.</exception>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (_unsent == 0)
            return;
        _unsent = 0;
        Volatile.Write(ref _sendingSince, clock.GetTimestamp());
        Volatile.Write(ref _isSending, 1);
        FlushResult result = await control.Output.FlushAsync(cancellationToken).ConfigureAwait(false);
        Volatile.Write(ref _isSending, 0);
        if (result.IsCompleted)
            throw new IOException("The client does not read any more.");
    }
}
