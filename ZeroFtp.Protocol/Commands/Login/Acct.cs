using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Diagnostics;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Protocol.Commands.Login;

/// <summary>ACCT (RFC 959 section 4.1.1).</summary>
internal static class Acct
{
    private static readonly Reply NotNeeded = Reply.Constant(202, "Account not needed at this site.");
    private static readonly Reply LogInFirst = Reply.Constant(503, "Log in with USER and PASS first.");

    public static readonly Verb Definition = new("ACCT", Needs.Argument | Needs.Secret, RunAsync)
    {
        Help = "ACCT account",
        ArgumentMissing = Reply.Of(501, "ACCT requires an account name."),
    };

    private static async ValueTask<Outcome> RunAsync(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        LoginState login = session.Login;
        if (login.AwaitsAccount)
            return await LoginSteps.ContinueAsync(session, login.PendingPassword, argument, cancellationToken).ConfigureAwait(false);
        if (login.NeedsStoringAccount)
            return await LoginSteps.UnlockAsync(session, argument, cancellationToken).ConfigureAwait(false);
        return session.IsLoggedIn ? NotNeeded : LogInFirst;
    }
}
