using System.Globalization;
using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Protocol.Commands.Transfers;

/// <summary>RANG (draft-bryan-ftp-range): the range of octets, both ends inclusive, for the next transfer or HASH.</summary>
internal static class Rang
{
    private static readonly Reply Reset = Reply.Constant(350, "Range reset.");
    private static readonly Reply Bad = Reply.Constant(501, "Invalid range.");
    private static readonly Reply WrongMode = Reply.Constant(551, "RANG requires TYPE I and MODE S.");

    public static readonly Verb Definition = new("RANG", Needs.Login | Needs.Argument, Run)
    {
        Help = "RANG start end",
        Feature = static _ => "RANG STREAM",
        ArgumentMissing = Bad,
    };

    private static ValueTask<Outcome> Run(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        if (Arguments.Tokens(argument) is not [var first, var last]
            || !long.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out long start)
            || !long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out long end))
            return (Outcome)Bad;
        if (start > end)
        {
            session.Marker = null;
            return (Outcome)(start == 1 && end == 0 ? Reset : Bad);
        }
        if (!session.Parameters.IsPlain)
            return (Outcome)WrongMode;
        session.Marker = new RestartMarker(start, end);
        return (Outcome)Reply.Of(350, $"Range {start}-{end} set; send RETR, STOR or HASH.");
    }
}
