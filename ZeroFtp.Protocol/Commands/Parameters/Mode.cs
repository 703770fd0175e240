using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Protocol.Commands.Parameters;

/// <summary>MODE (RFC 959 section 4.1.2): S, and Z where it is offered (draft-preston-ftpext-deflate).</summary>
internal static class Mode
{
    private static readonly Reply Stream = Reply.Constant(200, "Mode set to S.");
    private static readonly Reply Deflate = Reply.Constant(200, "Mode set to Z.");
    private static readonly Reply Bad = Reply.Constant(501, "MODE requires S, B, C or Z.");

    public static readonly Verb Definition = new("MODE", Needs.Login | Needs.Argument | Needs.CarriesNotice, Run)
    {
        Help = "MODE S|Z",
        Feature = static session => session.Options.Features.ModeZ ? "MODE Z" : null,
        ArgumentMissing = Bad,
    };

    private static ValueTask<Outcome> Run(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        string code = argument.Trim(' ').ToUpperInvariant();
        switch (code)
        {
            case "S":
                session.Parameters.IsDeflate = false;
                return (Outcome)Stream;
            case "Z" when session.Options.Features.ModeZ:
                session.Parameters.IsDeflate = true;
                return (Outcome)Deflate;
            case "B" or "C" or "Z":
                return (Outcome)Reply.Of(504, $"Mode {code} is not implemented.");
            default:
                return (Outcome)Bad;
        }
    }
}
