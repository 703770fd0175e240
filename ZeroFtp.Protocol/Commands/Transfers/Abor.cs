using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Protocol.Commands.Transfers;

/// <summary>ABOR (RFC 959 section 4.1.3). During a transfer the session loop stops it at once; here is ABOR's own reply, which follows the transfer's.</summary>
internal static class Abor
{
    private static readonly Reply Aborted = Reply.Constant(226, "Abort successful.");
    private static readonly Reply Nothing = Reply.Constant(226, "Abort successful; no transfer in progress.");

    public static readonly Verb Definition = new("ABOR", Needs.DuringTransfer, Run)
    {
        Help = "ABOR",
    };

    private static ValueTask<Outcome> Run(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        bool aborted = session.WasAborted;
        session.WasAborted = false;
        session.DropPassiveTarget();
        return (Outcome)(aborted ? Aborted : Nothing);
    }
}
