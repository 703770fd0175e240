using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Events;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Protocol.Commands.Files;

/// <summary>RMD (RFC 959 section 4.1.3).</summary>
internal static class Rmd
{
    public static readonly Verb Definition = new("RMD", Needs.Login | Needs.Argument, RunAsync)
    {
        Help = "RMD path",
        Aliases = ["XRMD"],
        ArgumentMissing = Reply.Of(501, "RMD requires a path."),
    };

    private static async ValueTask<Outcome> RunAsync(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        FtpPath path = Arguments.Path(session, argument);
        if (path.IsRoot)
            return Reply.Of(550, $"Cannot remove the root directory: {argument}");
        Arguments.Demand(session, FtpPermissions.Delete);
        await session.Driver.RemoveDirectoryAsync(path, cancellationToken).ConfigureAwait(false);
        session.Changed(FtpChangeKind.DirectoryRemoved, path);
        return Reply.Of(250, $"{argument} removed.");
    }
}
