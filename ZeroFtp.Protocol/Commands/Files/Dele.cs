using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Events;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Protocol.Commands.Files;

/// <summary>DELE (RFC 959 section 4.1.3).</summary>
internal static class Dele
{
    public static readonly Verb Definition = new("DELE", Needs.Login | Needs.Argument, RunAsync)
    {
        Help = "DELE path",
        ArgumentMissing = Reply.Of(501, "DELE requires a path."),
    };

    private static async ValueTask<Outcome> RunAsync(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        FtpPath path = Arguments.FilePath(session, argument);
        Arguments.Demand(session, FtpPermissions.Delete);
        await session.Driver.DeleteFileAsync(path, cancellationToken).ConfigureAwait(false);
        session.Changed(FtpChangeKind.Deleted, path);
        return Reply.Of(250, $"{argument} deleted.");
    }
}
