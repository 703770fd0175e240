using System.Globalization;
using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Protocol.Commands.Tls;

/// <summary>PBSZ (RFC 2228; always 0 with TLS, RFC 4217 section 9).</summary>
internal static class Pbsz
{
    private static readonly Reply Accepted = Reply.Constant(200, "PBSZ=0");
    private static readonly Reply TlsFirst = Reply.Constant(503, "Use AUTH TLS first.");
    private static readonly Reply BadNumber = Reply.Constant(501, "PBSZ requires a number below 4294967296.");

    public static readonly Verb Definition = new("PBSZ", Needs.Nothing, Run)
    {
        Help = "PBSZ 0",
        Feature = static session => session.IsTlsUsable ? "PBSZ" : null,
    };

    private static ValueTask<Outcome> Run(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        if (!session.IsProtected)
            return (Outcome)TlsFirst;
        if (!uint.TryParse(argument.Trim(' '), NumberStyles.None, CultureInfo.InvariantCulture, out _))
            return (Outcome)BadNumber;
        session.Security.HasPbsz = true;
        return (Outcome)Accepted;
    }
}
