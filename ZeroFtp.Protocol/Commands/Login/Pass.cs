using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Diagnostics;
using ZeroFtp.Protocol.Options;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Protocol.Commands.Login;

/// <summary>PASS (RFC 959 section 4.1.1).</summary>
internal static class Pass
{
    private static readonly Reply UserFirst = Reply.Constant(503, "Log in with USER first.");
    private static readonly Reply NotNeeded = Reply.Constant(202, "Password not needed.");

    public static readonly Verb Definition = new("PASS", Needs.Secret, RunAsync)
    {
        Help = "PASS password",
    };

    private static async ValueTask<Outcome> RunAsync(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        LoginState login = session.Login;
        if (login.Accepted is not null && login.PendingUser is null)
            return login.WithoutPassword ? NotNeeded : UserFirst;
        if (!login.AwaitsPassword)
            return UserFirst;
        if (session.Options.Tls.Policy == FtpTlsPolicy.Required && !session.IsProtected && !session.Security.IsCleared)
            return Replies.UseTlsFirst;
        return await LoginSteps.ContinueAsync(session, argument, account: null, cancellationToken).ConfigureAwait(false);
    }
}
