using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Options;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Protocol.Commands.Login;

/// <summary>USER (RFC 959 section 4.1.1).</summary>
internal static class User
{
    public static readonly Verb Definition = new("USER", Needs.Argument, RunAsync)
    {
        Help = "USER name",
        ArgumentMissing = Reply.Of(501, "USER requires a user name."),
    };

    private static async ValueTask<Outcome> RunAsync(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        if (session.Options.Tls.Policy == FtpTlsPolicy.Required && !session.IsProtected && !session.Security.IsCleared)
            return Replies.UseTlsFirst;
        // The rights of the old user end at once; transfer parameters stay (F959-4.1.1-3).
        await UserLeaving.LeaveUserAsync(session).ConfigureAwait(false);
        session.Login.ClearPending();
        session.Login.PendingUser = argument;
        return await LoginSteps.ContinueAsync(session, password: null, account: null, cancellationToken).ConfigureAwait(false);
    }
}
