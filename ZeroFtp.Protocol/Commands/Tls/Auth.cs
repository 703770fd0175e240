using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Options;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Protocol.Commands.Tls;

/// <summary>AUTH (RFC 2228, RFC 4217 section 4).</summary>
internal static class Auth
{
    private static readonly Reply Proceed = Reply.Constant(234, "Proceed with TLS negotiation.");
    private static readonly Reply NotAvailable = Reply.Constant(431, "TLS is not available now, try again later.");
    private static readonly Reply NotRecognised = Reply.Constant(504, "Security mechanism not recognised.");
    private static readonly Reply AlreadyProtected = Reply.Constant(503, "Connection is already protected.");

    public static readonly Verb Definition = new("AUTH", Needs.Argument, RunAsync)
    {
        Help = "AUTH TLS",
        Feature = static session => session.IsTlsUsable ? "AUTH TLS" : null,
        ArgumentMissing = Reply.Of(501, "AUTH requires a mechanism name."),
    };

    private static async ValueTask<Outcome> RunAsync(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        string mechanism = argument.Trim(' ').ToUpperInvariant();
        if (mechanism is not ("TLS" or "TLS-C" or "SSL" or "TLS-P"))
            return NotRecognised;
        if (session.IsProtected)
            return AlreadyProtected;
        if (session.Security.IsCleared || session.Options.Tls.Policy == FtpTlsPolicy.Off)
            return Replies.PolicyDenied;
        TlsRequest request = new() { Session = session, ServerName = session.Host };
        if (!session.Context.Driver.OffersTls || await session.Context.Driver.GetTlsOptionsAsync(request, cancellationToken).ConfigureAwait(false) is null)
            return NotAvailable;
        await UserLeaving.LeaveUserAsync(session).ConfigureAwait(false);
        session.Login.ClearPending();
        session.ResetParameters();
        session.Security.Reset();
        session.Security.ProtectData = mechanism == "TLS-P";
        return new Outcome(Proceed, After: After.Secure);
    }
}
