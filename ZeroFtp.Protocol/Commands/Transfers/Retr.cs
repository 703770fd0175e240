using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Sessions;
using ZeroFtp.Protocol.Transfer;

namespace ZeroFtp.Protocol.Commands.Transfers;

/// <summary>RETR (RFC 959 section 4.1.3; REST by RFC 3659 section 5, RANG by draft-bryan-ftp-range).</summary>
internal static class Retr
{
    public static readonly Verb Definition = new("RETR", Needs.Login | Needs.Argument | Needs.DataChannel, RunAsync)
    {
        Help = "RETR path",
        ArgumentMissing = Reply.Of(501, "RETR requires a path."),
    };

    private static async ValueTask<Outcome> RunAsync(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        FtpPath path = Arguments.FilePath(session, argument);
        Arguments.Demand(session, FtpPermissions.Read);
        long offset = session.Marker?.Start ?? 0;
        long? limit = session.Marker?.Length;
        // In TYPE A and STRU R an offset would count octets that are not stored that way (F3659-5.3-11).
        if (offset > 0 && (!session.Parameters.IsBinary || session.Parameters.IsRecord))
            return Replies.InvalidRestart;
        IDownload download;
        try
        {
            if (limit is not null)
                offset = Math.Min(offset, (await Arguments.FileAsync(session, path, cancellationToken).ConfigureAwait(false)).Size);
            download = await session.Driver.OpenReadAsync(path, offset, cancellationToken).ConfigureAwait(false);
        }
        catch (FtpDriverException exception) when (exception.Error == FtpError.IsADirectory)
        {
            return Replies.NotAPlainFile(argument);
        }
        if (session.TakeTarget() is { } target)
            return Outcome.Start(new RetrieveTransfer(session, target, path, argument, download, limit));
        await download.DisposeAsync().ConfigureAwait(false);
        return Replies.NoDataTarget;
    }
}
