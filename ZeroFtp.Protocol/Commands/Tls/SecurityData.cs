using System.Buffers.Text;
using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Protocol.Commands.Tls;

/// <summary>ADAT, MIC, CONF and ENC (RFC 2228): known and refused, since TLS is the only mechanism and uses none of them.</summary>
internal static class SecurityData
{
    private static readonly Reply BadBase64 = Reply.Constant(501, "Invalid base64 data.");
    private static readonly Reply NotUsed = Reply.Constant(537, "Protected commands are not used with TLS.");

    public static readonly Verb Adat = Make("ADAT", static (_, _, _) => (Outcome)Replies.SendAuthFirst);
    public static readonly Verb Mic = Make("MIC", Protected);
    public static readonly Verb Conf = Make("CONF", Protected);
    public static readonly Verb Enc = Make("ENC", Protected);

    private static Verb Make(string name, VerbHandler run) => new(name, Needs.Argument | Needs.Secret, run) { Help = name + " base64", ArgumentMissing = BadBase64 };

    private static ValueTask<Outcome> Protected(FtpSession session, string argument, CancellationToken cancellationToken) =>
        (Outcome)(!session.IsProtected ? Replies.SendAuthFirst : Base64.IsValid(argument.Trim(' ')) ? NotUsed : BadBase64);
}
