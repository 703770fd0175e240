using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Events;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Protocol.Commands.Files;

/// <summary>RNFR and RNTO (RFC 959 section 4.1.3).</summary>
internal static class Renames
{
    private static readonly Reply Ready = Reply.Constant(350, "Ready for RNTO.");
    private static readonly Reply RnfrFirst = Reply.Constant(503, "Send RNFR first.");
    private static readonly Reply Renamed = Reply.Constant(250, "Rename successful.");

    public static readonly Verb Rnfr = new("RNFR", Needs.Login | Needs.Argument, FromAsync)
    {
        Help = "RNFR path",
        ArgumentMissing = Reply.Of(501, "RNFR requires a path."),
    };

    public static readonly Verb Rnto = new("RNTO", Needs.Login | Needs.Argument, ToAsync)
    {
        Help = "RNTO path",
        ArgumentMissing = Reply.Of(501, "RNTO requires a path."),
    };

    private static async ValueTask<Outcome> FromAsync(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        FtpPath path = Arguments.Path(session, argument);
        if (path.IsRoot)
            return Replies.PermissionDenied(argument);
        Arguments.Demand(session, FtpPermissions.Rename);
        FtpEntry entry = await Arguments.EntryAsync(session, path, cancellationToken).ConfigureAwait(false);
        // A link is renamed itself, and has the permissions of what it leads to.
        if (entry.LinkTarget is null)
            Arguments.Demand(entry, FtpPermissions.Rename);
        session.RenameFrom = path;
        return Ready;
    }

    private static async ValueTask<Outcome> ToAsync(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        if (session.RenameFrom is not { } from)
            return RnfrFirst;
        session.RenameFrom = null;
        FtpPath to = Arguments.Path(session, argument);
        if (to.IsRoot)
            return Reply.Of(550, $"Cannot rename: {argument}");
        Arguments.CheckNewName(session, to);
        Arguments.Demand(session, FtpPermissions.Rename);
        Arguments.DemandAccount(session);
        if (to != from && to.IsWithin(from))
            return Replies.NameNotAllowed(argument);
        await session.Driver.RenameAsync(from, to, cancellationToken).ConfigureAwait(false);
        session.Changed(FtpChangeKind.Renamed, from, to);
        return Renamed;
    }
}
