using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Diagnostics;
using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Protocol.Sessions;

/// <summary>Turns what a verb threw into a reply. Anything unforeseen is logged under an id that the client is told; the exception's text never reaches it.</summary>
internal static class VerbFailures
{
    public static Reply ToReply(FtpSession session, string verb, string argument, Exception exception)
    {
        if (exception is FtpDriverException driver)
        {
            if (driver.Error == FtpError.Unavailable)
                Log.DriverUnavailable(session.Logger, session.Id, verb, driver);
            return DriverReplies.Of(driver.Error, argument.Length == 0 || !session.IsLoggedIn ? session.WorkingDirectory.Text : argument);
        }
        string id = Guid.NewGuid().ToString("N")[..8];
        Log.VerbFailed(session.Logger, session.Id, verb, id, exception);
        return Replies.LocalError(id);
    }
}
