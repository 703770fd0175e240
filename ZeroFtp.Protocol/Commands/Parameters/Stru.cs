using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Protocol.Commands.Parameters;

/// <summary>STRU (RFC 959 section 4.1.2): F and R.</summary>
internal static class Stru
{
    private static readonly Reply File = Reply.Constant(200, "Structure set to F.");
    private static readonly Reply Record = Reply.Constant(200, "Structure set to R.");
    private static readonly Reply Page = Reply.Constant(504, "Structure P is not implemented.");
    private static readonly Reply Bad = Reply.Constant(501, "STRU requires F, R or P.");

    public static readonly Verb Definition = new("STRU", Needs.Login | Needs.Argument | Needs.CarriesNotice, Run)
    {
        Help = "STRU F|R",
        ArgumentMissing = Bad,
    };

    private static ValueTask<Outcome> Run(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        switch (argument.Trim(' ').ToUpperInvariant())
        {
            case "F":
                session.Parameters.IsRecord = false;
                return (Outcome)File;
            case "R":
                session.Parameters.IsRecord = true;
                return (Outcome)Record;
            case "P":
                return (Outcome)Page;
            default:
                return (Outcome)Bad;
        }
    }
}
