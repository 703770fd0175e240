using System.ComponentModel;
using System.Net.Security;
using System.Security.Authentication;
using ZeroFtp.Protocol.Diagnostics;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Tls;

namespace ZeroFtp.Protocol.Sessions;

/// <summary>Starts and ends TLS on the control connection of a session, within the limit for handshakes.</summary>
internal static class ControlSecurity
{
    /// <returns>False if the handshake failed; the connection is then of no use.</returns>
    public static async ValueTask<bool> StartAsync(FtpSession session, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = new(session.Options.Tls.HandshakeTimeout, session.Clock);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await session.Control.SecureAsync((_, hello, _, token) => ChooseAsync(session, hello.ServerName, token), either.Token).ConfigureAwait(false);
            if (session.Control.Observer is { } observer)
                session.Security.Remember([.. observer.IssuedSessions, observer.OfferedTicket, observer.OfferedSessionId]);
            Log.Secured(session.Logger, session.Id, session.Control.TlsDescription, session.Control.Observer?.Resumed == true);
            return true;
        }
        catch (Exception exception) when (exception is AuthenticationException or IOException or OperationCanceledException or InvalidOperationException or NotSupportedException or Win32Exception)
        {
            Log.HandshakeFailed(session.Logger, session.Id, exception.InnerException?.Message ?? exception.Message);
            return false;
        }
    }

    /// <returns>False if the client did not end TLS too.</returns>
    public static async ValueTask<bool> EndAsync(FtpSession session)
    {
        using CancellationTokenSource limit = new(session.Options.Tls.HandshakeTimeout, session.Clock);
        return await session.Control.ReturnToClearAsync(limit.Token).ConfigureAwait(false);
    }

    private static async ValueTask<SslServerAuthenticationOptions> ChooseAsync(FtpSession session, string? serverName, CancellationToken cancellationToken)
    {
        session.Security.ServerName = string.IsNullOrEmpty(serverName) ? null : serverName.ToLowerInvariant();
        TlsRequest request = new() { Session = session, ServerName = session.Security.ServerName ?? session.Host };
        SslServerAuthenticationOptions? options = await session.Context.Driver.GetTlsOptionsAsync(request, cancellationToken).ConfigureAwait(false);
        return TlsOptions.ForServer(options ?? throw new AuthenticationException("There is no certificate."), isData: false);
    }
}
