namespace ZeroFtp.Protocol.Sessions;

/// <summary>What ends with a user's login: the driver that served it, and the place among the user's sessions.</summary>
internal static class UserLeaving
{
    public static async ValueTask LeaveUserAsync(FtpSession session)
    {
        if (session.Login.Accepted is not { } accepted)
            return;
        string user = session.Login.User!;
        session.Login.Accepted = null;
        session.Login.User = null;
        session.UserDownloadLimiter = session.UserUploadLimiter = null;
        session.Context.Users.Leave(user);
        switch (accepted.Driver)
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
