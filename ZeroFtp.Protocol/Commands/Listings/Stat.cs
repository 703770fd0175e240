using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Protocol.Commands.Listings;

/// <summary>STAT (RFC 959 section 4.1.3): the session, or a listing on the control connection. During a transfer the session loop answers its progress.</summary>
internal static class Stat
{
    public static readonly Verb Definition = new("STAT", Needs.Login | Needs.DuringTransfer, RunAsync)
    {
        Help = "STAT [-options] [path]",
    };

    private static ValueTask<Outcome> RunAsync(FtpSession session, string argument, CancellationToken cancellationToken) =>
        argument.Length == 0 ? (Outcome)Session(session) : StatListing.StartAsync(session, argument, cancellationToken);

    private static Reply Session(FtpSession session)
    {
        TransferParameters parameters = session.Parameters;
        string control = session.Control.TlsDescription ?? "clear";
        return Reply.Of(
            211,
            [
                $"Status of {session.Host ?? session.Options.ServerName}:",
                $"Connected from {Addresses.Show(session.RemoteEndPoint)}",
                $"Logged in as {session.User}",
                $"TYPE: {parameters.TypeDescription}; STRUcture: {(parameters.IsRecord ? "Record" : "File")}; transfer MODE: {(parameters.IsDeflate ? "Deflate" : "Stream")}",
                $"Control connection: {control}, data protection: {(session.Security.ProtectData ? "P" : "C")}",
                session.Target?.Description ?? "No data connection",
            ],
            "End of status.");
    }
}
