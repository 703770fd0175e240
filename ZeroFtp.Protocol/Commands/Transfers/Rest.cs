using System.Globalization;
using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Protocol.Commands.Transfers;

/// <summary>REST (RFC 3659 section 5): the offset for the next transfer.</summary>
internal static class Rest
{
    private static readonly Reply Bad = Reply.Constant(501, "REST requires a byte offset.");

    public static readonly Verb Definition = new("REST", Needs.Login | Needs.Argument, Run)
    {
        Help = "REST offset",
        Feature = static _ => "REST STREAM",
        ArgumentMissing = Bad,
    };

    private static ValueTask<Outcome> Run(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        if (!long.TryParse(argument.Trim(' '), NumberStyles.None, CultureInfo.InvariantCulture, out long offset))
            return (Outcome)Bad;
        session.Marker = offset == 0 ? null : new RestartMarker(offset, null);
        return (Outcome)Reply.Of(350, $"Restart position {offset} accepted; send RETR or STOR.");
    }
}
