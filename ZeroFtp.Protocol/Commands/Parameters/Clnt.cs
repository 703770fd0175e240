using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Protocol.Commands.Parameters;

/// <summary>CLNT: the client program names itself (de facto).</summary>
internal static class Clnt
{
    private static readonly Reply Noted = Reply.Constant(200, "Noted.");

    public static readonly Verb Definition = new("CLNT", Needs.Argument, Run)
    {
        Help = "CLNT name",
        Feature = static _ => "CLNT",
        ArgumentMissing = Reply.Of(501, "CLNT requires a client name."),
    };

    private static ValueTask<Outcome> Run(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        session.Client = Printable.Text(argument);
        return (Outcome)Noted;
    }
}
