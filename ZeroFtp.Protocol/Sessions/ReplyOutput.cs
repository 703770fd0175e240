using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using ZeroFtp.Protocol.Control;

namespace ZeroFtp.Protocol.Sessions;

/// <summary>What goes over a control connection: replies are gathered and sent together. Used by the session loop alone, but for <see cref="HungFor"/>.</summary>
internal sealed class ReplyOutput(ControlChannel control, TimeProvider clock)
{
    /// <summary>Unsent bytes that are sent even though further commands are waiting.</summary>
    private const int Most = 32 * 1024;

    private int _unsent;
    private long _sendingSince;
    private int _isSending;

    public bool IsFull => _unsent >= Most;

    /// <summary>Why replies do not reach the client any more; null while they do. What is written from then on is dropped.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>How long the client has not taken what is being sent; zero if nothing is. May be called from any thread.</summary>
    public TimeSpan HungFor => Volatile.Read(ref _isSending) == 0 ? TimeSpan.Zero : clock.GetElapsedTime(Volatile.Read(ref _sendingSince));

    public void Write(in Reply reply)
    {
        if (Failure is not null)
            return;
        ReplyWriter.Write(control.Output, reply);
        _unsent += reply.Encoded.Length + reply.Text.Length + 64 + ((reply.Lines?.Count ?? 0) * 80);
    }

    public void Write(byte[] octets)
    {
        if (octets.Length == 0 || Failure is not null)
            return;
        control.Output.Write(octets);
        _unsent += octets.Length;
    }

    /// <summary>Sends what was written. That it cannot be sent only <see cref="Failure"/> tells.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (_unsent == 0)
            return;
        _unsent = 0;
        Volatile.Write(ref _sendingSince, clock.GetTimestamp());
        Volatile.Write(ref _isSending, 1);
        try
        {
            FlushResult result = await control.Output.FlushAsync(cancellationToken).ConfigureAwait(false);
            if (result.IsCompleted)
                Failure = new IOException("The client does not read any more.");
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException)
        {
            Failure = exception;
        }
        Volatile.Write(ref _isSending, 0);
    }
}
