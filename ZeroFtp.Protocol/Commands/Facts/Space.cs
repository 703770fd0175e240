using System.Globalization;
using ZeroFtp.Protocol.Commands.Files;
using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Sessions;
using ZeroFtp.Protocol.Transfer;

namespace ZeroFtp.Protocol.Commands.Facts;

/// <summary>AVBL and DSIZ (draft-peterson-streamlined-ftp-command-extensions).</summary>
internal static class Space
{
    public static readonly Verb Avbl = new("AVBL", Needs.Login, AvblAsync)
    {
        Help = "AVBL [directory]",
        Feature = static session => !session.IsLoggedIn || session.Driver is ISpaceReporting ? "AVBL" : null,
        IsOffered = static session => !session.IsLoggedIn || session.Driver is ISpaceReporting,
    };

    public static readonly Verb Dsiz = new("DSIZ", Needs.Login, DsizAsync)
    {
        Help = "DSIZ [directory]",
        Feature = static _ => "DSIZ",
    };

    private static async ValueTask<Outcome> AvblAsync(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        FtpPath path = await DirectoryAsync(session, argument, cancellationToken).ConfigureAwait(false);
        long free = await ((ISpaceReporting)session.Driver).GetAvailableBytesAsync(path, cancellationToken).ConfigureAwait(false);
        return Reply.Of(213, free.ToString(CultureInfo.InvariantCulture));
    }

    private static async ValueTask<Outcome> DsizAsync(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        FtpPath path = await DirectoryAsync(session, argument, cancellationToken).ConfigureAwait(false);
        return Outcome.Start(new Job(session, "DSIZ", argument, async token =>
        {
            long total = 0;
            await foreach ((_, FtpEntry entry) in TreeWalk.FilesAsync(session, path, token).ConfigureAwait(false))
                total += entry.Size;
            return Reply.Of(213, total.ToString(CultureInfo.InvariantCulture));
        }));
    }

    private static async ValueTask<FtpPath> DirectoryAsync(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        Arguments.Demand(session, FtpPermissions.List);
        FtpPath path = argument.Length == 0 ? session.WorkingDirectory : Arguments.Path(session, argument);
        FtpEntry entry = await Arguments.EntryAsync(session, path, cancellationToken).ConfigureAwait(false);
        return entry.IsDirectory ? path : throw new FtpDriverException(FtpError.NotADirectory);
    }
}
