using Microsoft.Extensions.Logging;
using ZeroFtp.Protocol.Diagnostics;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Events;

namespace ZeroFtp.Protocol.Sessions;

/// <summary>Tells every listener of every event; one that throws is logged and hurts nobody.</summary>
internal sealed class EventDispatcher(IReadOnlyList<IFtpEvents> listeners, ILogger logger)
{
    public void SessionOpened(FtpSessionInfo session) => Tell(session, static (listener, session) => listener.SessionOpened(session));

    public void SessionClosed(FtpSessionInfo session, string reason) => Tell((session, reason), static (listener, it) => listener.SessionClosed(it.session, it.reason));

    public void LoginFinished(FtpSessionInfo session, string user, bool accepted) =>
        Tell((session, user, accepted), static (listener, it) => listener.LoginFinished(it.session, it.user, it.accepted));

    public void TransferStarted(FtpTransferInfo transfer) => Tell(transfer, static (listener, transfer) => listener.TransferStarted(transfer));

    public void TransferFinished(FtpTransferInfo transfer) => Tell(transfer, static (listener, transfer) => listener.TransferFinished(transfer));

    public void FileChanged(FtpFileChange change) => Tell(change, static (listener, change) => listener.FileChanged(change));

    private void Tell<T>(T what, Action<IFtpEvents, T> tell)
    {
        foreach (IFtpEvents listener in listeners)
        {
            try
            {
                tell(listener, what);
            }
            catch (Exception exception)
            {
                Log.EventListenerFailed(logger, listener.GetType().Name, exception);
            }
        }
    }
}
