using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Protocol.Commands.Tls;

/// <summary>PROT (RFC 2228, RFC 4217 section 9).</summary>
internal static class Prot
{
    private static readonly Reply Clear = Reply.Constant(200, "Protection level set to C.");
    private static readonly Reply Private = Reply.Constant(200, "Protection level set to P.");
    private static readonly Reply Missing = Reply.Constant(501, "PROT requires C or P.");
    private static readonly Reply NotSupported = Reply.Constant(536, "Protection level not supported with TLS.");
    private static readonly Reply Denied = Reply.Constant(534, "Protection level denied by policy.");
    private static readonly Reply Unknown = Reply.Constant(504, "Protection level is unknown.");
    private static readonly Reply TooEarly = Reply.Constant(503, "Use AUTH TLS and PBSZ 0 first.");

    public static readonly Verb Definition = new("PROT", Needs.Nothing, Run)
    {
        Help = "PROT C|P",
        Feature = static session => session.IsTlsUsable ? "PROT" : null,
    };

    private static ValueTask<Outcome> Run(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        SecurityState security = session.Security;
        if (!session.IsProtected)
            return (Outcome)TooEarly;
        string level = argument.Trim(' ').ToUpperInvariant();
        if (level.Length == 0)
            return (Outcome)Missing;
        if (!security.HasPbsz && !session.IsImplicit && !session.Options.Tls.AllowProtWithoutPbsz)
            return (Outcome)TooEarly;
        switch (level)
        {
            case "C" when session.Options.Tls.RefuseProtClear:
                return (Outcome)Denied;
            case "C":
                security.ProtectData = false;
                return (Outcome)Clear;
            case "P":
                security.ProtectData = true;
                return (Outcome)Private;
            case "S" or "E":
                return (Outcome)NotSupported;
            default:
                return (Outcome)Unknown;
        }
    }
}
