using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Protocol.Sessions;

/// <summary>What ends with a user's login: the driver that served it, and the place among the user's sessions. What begins is the time that the next login may take.</summary>
internal static class UserLeaving
{
    public static async ValueTask LeaveUserAsync(FtpSession session)
    {
        if (session.Login.Accepted is not { } accepted)
            return;
        string user = session.Login.User!;
        session.Login.Revocation.Unregister();
        session.Login.Revocation = default;
        session.Login.Accepted = null;
        session.Login.User = null;
        session.UserDownloadLimiter = session.UserUploadLimiter = null;
        session.LoginClockStart = session.Clock.GetUtcNow();
        session.Context.Users.Leave(user);
        await DisposeAsync(accepted.Driver).ConfigureAwait(false);
    }

    public static async ValueTask DisposeAsync(IClientHandlingDriver driver)
    {
        switch (driver)
        {
            case IAsyncDisposable asyncDisposable:
                await asyncDisposable.DisposeAsync().ConfigureAwait(false);
                break;
            case IDisposable disposable:
                disposable.Dispose();
                break;
        }
    }
}
