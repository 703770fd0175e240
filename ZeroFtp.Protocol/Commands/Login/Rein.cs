using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Protocol.Commands.Login;

/// <summary>REIN (RFC 959 section 4.1.1; RFC 4217 section 13: TLS ends too).</summary>
internal static class Rein
{
    private static readonly Reply Ready = Reply.Constant(220, "Service ready for new user.");

    public static readonly Verb Definition = new("REIN", Needs.Nothing, RunAsync)
    {
        Help = "REIN",
    };

    private static async ValueTask<Outcome> RunAsync(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        await UserLeaving.LeaveUserAsync(session).ConfigureAwait(false);
        session.Login.ClearPending();
        session.ResetParameters();
        session.Host = null;
        session.UnknownVerbs = 0;
        if (session.IsImplicit)
        {
            // The state after connecting is protected there (IMPL-3).
            string? serverName = session.Security.ServerName;
            session.Security.Reset();
            session.Security.ServerName = serverName;
            session.Security.ProtectData = true;
            return Ready;
        }
        bool wasProtected = session.IsProtected;
        session.Security.Reset();
        return new Outcome(Ready, After: wasProtected ? After.Clear : After.Continue);
    }
}
