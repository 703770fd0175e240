using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Events;
using ZeroFtp.Protocol.Sessions;
using ZeroFtp.Protocol.Transfer;

namespace ZeroFtp.Protocol.Commands.Files;

/// <summary>RMDA: a directory and all it holds is removed (draft-peterson-streamlined-ftp-command-extensions).</summary>
internal static class Rmda
{
    public static readonly Verb Definition = new("RMDA", Needs.Login | Needs.Argument, RunAsync)
    {
        Help = "RMDA path",
        Feature = static _ => "RMDA",
        ArgumentMissing = Reply.Of(501, "RMDA requires a path."),
    };

    private static async ValueTask<Outcome> RunAsync(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        FtpPath path = Arguments.Path(session, argument);
        Arguments.Demand(session, FtpPermissions.Delete);
        Outcome refused = Reply.Of(550, $"Cannot be removed: {argument}");
        if (path.IsRoot)
            return refused;
        FtpEntry entry = await Arguments.EntryAsync(session, path, cancellationToken).ConfigureAwait(false);
        if (!entry.IsDirectory || entry.LinkTarget is not null)
            return refused;
        return Outcome.Start(new Job(session, "RMDA", argument, async token =>
        {
            await TreeWalk.RemoveAsync(session, path, token).ConfigureAwait(false);
            session.Changed(FtpChangeKind.DirectoryRemoved, path);
            return Reply.Of(250, $"{argument} and its contents removed.");
        }));
    }
}
