using System.IO.Pipelines;
using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Listing;
using ZeroFtp.Protocol.Sessions;
using ZeroFtp.Protocol.Transfer;

namespace ZeroFtp.Protocol.Commands;

/// <summary>LIST, NLST (RFC 959 section 4.1.3), MLSD (RFC 3659 section 7), and STAT with a path.</summary>
internal static class ListVerbs
{
    private static readonly Reply ListOpening = Reply.Constant(150, "Opening ASCII mode data connection for file list.");
    private static readonly Reply NlstOpening = Reply.Constant(150, "Opening ASCII mode data connection for name list.");
    private static readonly Reply MlsdOpening = Reply.Constant(150, "Opening BINARY mode data connection for machine listing.");

    public static readonly Verb List = new("LIST", Needs.Login | Needs.DataChannel, (session, argument, token) => StartAsync(session, "LIST", argument, ListOpening, token))
    {
        Help = "LIST [-options] [path]",
    };

    public static readonly Verb Nlst = new("NLST", Needs.Login | Needs.DataChannel, (session, argument, token) => StartAsync(session, "NLST", argument, NlstOpening, token))
    {
        Help = "NLST [-options] [path]",
    };

    public static readonly Verb Mlsd = new("MLSD", Needs.Login | Needs.DataChannel, MlsdAsync)
    {
        Help = "MLSD [directory]",
    };

    private static async ValueTask<Outcome> StartAsync(FtpSession session, string verb, string argument, Reply opening, CancellationToken cancellationToken)
    {
        Arguments.Demand(session, FtpPermissions.List);
        ListOptions.Parse(argument, out ReadOnlySpan<char> name);
        FtpPath path = name.IsEmpty ? session.WorkingDirectory : Arguments.Path(session, name.ToString());
        await Arguments.EntryAsync(session, path, cancellationToken).ConfigureAwait(false);
        IEntryFormatter formatter = verb == "NLST" ? new NameFormatter(default) : new LsFormatter(session.Clock.GetUtcNow().UtcDateTime, default);
        return session.TakeTarget() is { } target
            ? Outcome.Start(new ListingTransfer(session, target, verb, path, opening, (writer, token) => ProduceAsync(session, path, formatter, writer, token)))
            : Replies.NoDataTarget;
    }

    private static async ValueTask<Outcome> MlsdAsync(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        Arguments.Demand(session, FtpPermissions.List);
        FtpPath path = argument.Length == 0 ? session.WorkingDirectory : Arguments.Path(session, argument);
        FtpEntry entry = await Arguments.EntryAsync(session, path, cancellationToken).ConfigureAwait(false);
        if (!entry.IsDirectory)
            return Reply.Of(501, $"{argument}: Not a directory.");
        FactFormatter formatter = new(session.Facts, session.Permissions, session.Options.Listing);
        return session.TakeTarget() is { } target
            ? Outcome.Start(new ListingTransfer(session, target, "MLSD", path, MlsdOpening, (writer, token) => ProduceAsync(session, path, formatter, writer, token)))
            : Replies.NoDataTarget;
    }

    public static ValueTask<Outcome> StatAsync(FtpSession session, string argument, CancellationToken cancellationToken) => throw new FtpDriverException(FtpError.NotImplemented);

    private static async ValueTask ProduceAsync(FtpSession session, FtpPath path, IEntryFormatter formatter, PipeWriter writer, CancellationToken cancellationToken)
    {
        await foreach (FtpEntry entry in session.Driver.ListFilesAsync(path, cancellationToken).ConfigureAwait(false))
        {
            formatter.Write(writer, entry, [], entry.Name);
            if (writer.UnflushedBytes > 32768)
                await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
