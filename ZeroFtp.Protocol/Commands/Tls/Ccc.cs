using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Protocol.Commands.Tls;

/// <summary>CCC (RFC 2228, RFC 4217 section 5): back to clear commands. Off by default.</summary>
internal static class Ccc
{
    private static readonly Reply Accepted = Reply.Constant(200, "Control connection returns to clear text.");
    private static readonly Reply NotProtected = Reply.Constant(533, "Control connection is not protected.");

    public static readonly Verb Definition = new("CCC", Needs.Nothing, Run)
    {
        Help = "CCC",
        Feature = static session => session.IsTlsUsable ? "CCC" : null,
        IsOffered = static session => session.Options.Tls.AllowCcc,
        WhenOff = Reply.Of(500, "CCC is not supported."),
    };

    private static ValueTask<Outcome> Run(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        if (!session.IsProtected)
            return (Outcome)NotProtected;
        if (!session.IsLoggedIn)
            return (Outcome)Replies.PolicyDenied;
        session.Security.IsCleared = true;
        return new Outcome(Accepted, After: After.Clear);
    }
}
