using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Protocol.Sessions;

/// <summary>Who ended something that ran beside the control connection.</summary>
internal enum StopCause
{
    None,

    /// <summary>ABOR.</summary>
    ClientAbort,

    /// <summary>The control connection is gone.</summary>
    ControlLost,

    /// <summary>Nothing moved for too long.</summary>
    Stalled,

    /// <summary>The server stops and the grace period is over.</summary>
    ServerStopping,

    /// <summary>An administrator ended the session.</summary>
    Kicked,
}

/// <summary>
/// Something that runs beside the control connection: a transfer, or a long job such as HASH. The session loop starts it, stops it, and writes its replies; the activity never touches the
/// control connection.
/// </summary>
internal abstract class Activity : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private int _cause;

    /// <summary>The verb and path, for SITE WHO and the session registry.</summary>
    public abstract string Description { get; }

    /// <summary>How far the transfer is; null if this is none. May be read from any thread.</summary>
    public virtual FtpTransferProgress? Snapshot => null;

    /// <summary>The preliminary reply between the two stages, or none.</summary>
    public virtual Reply Opening => Reply.None;

    /// <summary>The final reply when ABOR has ended it.</summary>
    public virtual Reply Aborted => Replies.TransferAborted;

    public StopCause Cause => (StopCause)Volatile.Read(ref _cause);

    protected CancellationToken Stopping => _stop.Token;

    /// <summary>The stage before the preliminary reply.</summary>
    /// <returns>A final reply if it failed, otherwise none.</returns>
    public virtual ValueTask<Reply> PrepareAsync() => ValueTask.FromResult(Reply.None);

    /// <summary>True once a part of the final reply was written: no other reply may come between its lines.</summary>
    public virtual bool IsReplying => false;

    /// <summary>The stage after the preliminary reply. Never throws.</summary>
    /// <returns>The final reply, or a part of it (<see cref="Reply.IsPart"/>): then this is called again once the client has taken the part.</returns>
    public abstract ValueTask<Reply> RunAsync();

    /// <summary>What STAT answers while it runs.</summary>
    public virtual Reply Progress() => Reply.Of(213, "Status: operation in progress");

    /// <summary>How long nothing has moved; zero if it cannot stall.</summary>
    public virtual TimeSpan Silence => TimeSpan.Zero;

    /// <summary>The session loop has read the control connection as far as it can, up to QUIT or as much as may wait.</summary>
    public virtual void ControlRead(bool hasQuit)
    {
    }

    /// <summary>Ends it soon. The first cause is the one that counts.</summary>
    public virtual void Stop(StopCause cause)
    {
        if (Interlocked.CompareExchange(ref _cause, (int)cause, 0) != 0)
            return;
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The sweep may call this when the activity has just ended.
        }
    }

    public virtual ValueTask DisposeAsync()
    {
        _stop.Dispose();
        return ValueTask.CompletedTask;
    }
}
