using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Listing;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Protocol.Commands.Listings;

/// <summary>MLST (RFC 3659 section 7): the facts of one object on the control connection.</summary>
internal static class Mlst
{
    private static readonly Reply BadPath = Reply.Constant(501, "Invalid path.");

    public static readonly Verb Definition = new("MLST", Needs.Login, RunAsync)
    {
        Help = "MLST [path]",
        Feature = static session => MlstFactNames.FeatureLine(MlstFactNames.Supported(session.Options.Listing), session.Facts),
    };

    private static async ValueTask<Outcome> RunAsync(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        if (argument.AsSpan().IndexOfAny('\r', '\n') >= 0)
            return BadPath;
        Arguments.Demand(session, FtpPermissions.List);
        FtpPath path = argument.Length == 0 ? session.WorkingDirectory : Arguments.Path(session, argument);
        FtpEntry entry = await Arguments.EntryAsync(session, path, cancellationToken).ConfigureAwait(false);
        Arguments.Demand(entry, FtpPermissions.List);
        if (argument.EndsWith('/') && !entry.IsDirectory)
            throw new FtpDriverException(FtpError.NotADirectory);
        FactFormatter formatter = new(session.Facts, session.Permissions, session.Options.Listing);
        // The reply writer puts the one leading space before each middle line.
        return Reply.OfPath(250, [$"Listing {(argument.Length == 0 ? path.Text : argument)}", formatter.MlstLine(entry, path)[1..]], "End");
    }
}
