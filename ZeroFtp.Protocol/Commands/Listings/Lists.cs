using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Listing;
using ZeroFtp.Protocol.Sessions;
using ZeroFtp.Protocol.Transfer;

namespace ZeroFtp.Protocol.Commands.Listings;

/// <summary>LIST, NLST (RFC 959 section 4.1.3) and MLSD (RFC 3659 section 7).</summary>
internal static class Lists
{
    private static readonly Reply ListOpening = Reply.Constant(150, "Opening ASCII mode data connection for file list.");
    private static readonly Reply NlstOpening = Reply.Constant(150, "Opening ASCII mode data connection for name list.");
    private static readonly Reply MlsdOpening = Reply.Constant(150, "Opening BINARY mode data connection for machine listing.");

    public static readonly Verb List = new("LIST", Needs.Login | Needs.DataChannel, static (session, argument, token) => StartAsync(session, ListingVerb.List, argument, token))
    {
        Help = "LIST [-options] [path]",
    };

    public static readonly Verb Nlst = new("NLST", Needs.Login | Needs.DataChannel, static (session, argument, token) => StartAsync(session, ListingVerb.Names, argument, token))
    {
        Help = "NLST [-options] [path]",
    };

    public static readonly Verb Mlsd = new("MLSD", Needs.Login | Needs.DataChannel, static (session, argument, token) => StartAsync(session, ListingVerb.Machine, argument, token))
    {
        Help = "MLSD [directory]",
    };

    /// <summary>Finds what is to be listed; all that speaks against it is thrown here.</summary>
    public static ValueTask<Listing.Listing> OpenAsync(FtpSession session, ListingVerb verb, string argument, CancellationToken cancellationToken) => Listing.Listing.OpenAsync(
        new ListingRequest
        {
            Verb = verb,
            Driver = session.Driver,
            Permissions = session.Permissions,
            Directory = session.WorkingDirectory,
            Argument = argument,
            Facts = session.Facts,
            Options = session.Options.Listing,
            Time = session.Clock,
        },
        cancellationToken);

    private static async ValueTask<Outcome> StartAsync(FtpSession session, ListingVerb verb, string argument, CancellationToken cancellationToken)
    {
        Listing.Listing listing;
        try
        {
            listing = await OpenAsync(session, verb, argument, cancellationToken).ConfigureAwait(false);
        }
        catch (FtpDriverException exception) when (verb == ListingVerb.Machine && exception.Error == FtpError.NotADirectory)
        {
            return Reply.Of(501, $"Not a directory: {argument}");
        }
        if (session.TakeTarget() is not { } target)
        {
            await listing.DisposeAsync().ConfigureAwait(false);
            return Replies.NoDataTarget;
        }
        (string name, Reply opening) = verb switch
        {
            ListingVerb.Machine => ("MLSD", MlsdOpening),
            ListingVerb.Names => ("NLST", NlstOpening),
            _ => ("LIST", ListOpening),
        };
        return Outcome.Start(new ListingTransfer(session, target, name, listing.Path, opening, listing));
    }
}
