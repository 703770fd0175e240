using System.Net.Security;
using System.Runtime.CompilerServices;
using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Host.Serving;

/// <summary>The store's driver with certificates added. A session keeps the certificate of its control connection for its data connections (RFC 4217 section 15.1.1), whatever is reloaded meanwhile.</summary>
internal sealed class TlsServerDriver(IServerDriver inner, Func<string?, CancellationToken, ValueTask<SslServerAuthenticationOptions?>> findCertificate, bool offersTls = true) : IServerDriver
{
    private readonly ConditionalWeakTable<FtpSessionInfo, SslServerAuthenticationOptions> _inUse = [];

    public bool OffersTls => offersTls;

    public ValueTask<WelcomeResult> WelcomeAsync(FtpSessionInfo session, CancellationToken cancellationToken) => inner.WelcomeAsync(session, cancellationToken);

    public ValueTask LeftAsync(FtpSessionInfo session) => inner.LeftAsync(session);

    public ValueTask<LoginResult> AuthenticateAsync(LoginRequest request, CancellationToken cancellationToken) => inner.AuthenticateAsync(request, cancellationToken);

    public async ValueTask<SslServerAuthenticationOptions?> GetTlsOptionsAsync(TlsRequest request, CancellationToken cancellationToken)
    {
        if (request.IsDataConnection && _inUse.TryGetValue(request.Session, out SslServerAuthenticationOptions? same))
            return same;
        SslServerAuthenticationOptions? options = await findCertificate(request.ServerName, cancellationToken);
        if (options is not null)
            _inUse.AddOrUpdate(request.Session, options);
        return options;
    }
}
