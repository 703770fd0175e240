using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Protocol.Commands.Tls;

/// <summary>SSCN: our side is the TLS client on data connections, for transfers between two servers (de facto).</summary>
internal static class Sscn
{
    private static readonly Reply On = Reply.Constant(200, "SSCN:CLIENT METHOD");
    private static readonly Reply Off = Reply.Constant(200, "SSCN:SERVER METHOD");
    private static readonly Reply TlsFirst = Reply.Constant(503, "Use AUTH TLS first.");
    private static readonly Reply BadArgument = Reply.Constant(501, "SSCN argument must be ON or OFF.");

    public static readonly Verb Definition = new("SSCN", Needs.Login, Run)
    {
        Help = "SSCN [ON|OFF]",
        Feature = static session => session.IsTlsUsable && session.AllowsFxp ? "SSCN" : null,
        IsOffered = static session => !session.IsLoggedIn || session.AllowsFxp,
    };

    private static ValueTask<Outcome> Run(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        if (!session.IsProtected)
            return (Outcome)TlsFirst;
        switch (argument.Trim(' ').ToUpperInvariant())
        {
            case "":
                break;
            case "ON" when !session.IsEpsvAll:
                session.Security.IsSscnOn = true;
                break;
            case "OFF":
                session.Security.IsSscnOn = false;
                break;
            default:
                return (Outcome)BadArgument;
        }
        return (Outcome)(session.Security.IsSscnOn ? On : Off);
    }
}
