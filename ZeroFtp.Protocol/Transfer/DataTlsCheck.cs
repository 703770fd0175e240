using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Data;
using ZeroFtp.Protocol.Options;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Protocol.Transfer;

/// <summary>Whether a protected data connection belongs to its control connection (RFC 4217 sections 10.2 and 15.1.2).</summary>
internal static class DataTlsCheck
{
    public static Reply Verify(FtpSession session, DataLink link)
    {
        FtpTlsOptions options = session.Options.Tls;
        bool resumed = link.Observer?.Resumed == true;
        if (options.RequireDataResumption && !(resumed && IsOwnSession(session, link)))
            return Replies.DataTlsNotResumed;
        // A resumed session brings the certificate that it was made with; without this anybody's session would do.
        if (options.RequireSameClientCertificate && session.Control.ClientCertificate is { } own && link.PeerCertificate?.Thumbprint != own.Thumbprint)
            return Replies.DataTlsFailed;
        return Reply.None;
    }

    /// <summary>
    /// For TLS 1.2: whether the session was issued on this control connection or on one of its earlier data connections. For TLS 1.3 tickets are encrypted and cannot be told apart from outside,
    /// so any that this server issued passes.
    /// </summary>
    private static bool IsOwnSession(FtpSession session, DataLink link)
    {
        if (link.Observer is not { IsTls13: false } observer)
            return true;
        bool own = session.Security.Owns(observer.OfferedTicket) || session.Security.Owns(observer.OfferedSessionId);
        if (own)
            session.Security.Remember(observer.IssuedSessions);
        return own;
    }
}
