using System.Net.Security;

namespace ZeroFtp.Protocol.Driver;

/// <summary>What an embedder implements for the server as a whole: greeting, logins, certificates. One instance serves all sessions at the same time.</summary>
/// <remarks>Every token is cancelled when the client is lost, a limit runs out or the server stops.</remarks>
public interface IServerDriver
{
    /// <summary>Called once for each accepted connection before the greeting. The default welcomes everyone.</summary>
    ValueTask<WelcomeResult> WelcomeAsync(FtpSessionInfo session, CancellationToken cancellationToken) => ValueTask.FromResult(WelcomeResult.Accept());

    /// <summary>Called once for each call of <see cref="WelcomeAsync"/> that accepted, however the session ended. The default does nothing.</summary>
    ValueTask LeftAsync(FtpSessionInfo session) => ValueTask.CompletedTask;

    /// <summary>
    /// Checks what the client has told of itself so far. It is called after USER with no password, after PASS, and after ACCT; the answer says whether the login is
    /// complete or what is missing. To keep names secret, answer <see cref="LoginResult.NeedPassword"/> for unknown names too, and take the same time for both (RFC 2577 section 7).
    /// </summary>
    ValueTask<LoginResult> AuthenticateAsync(LoginRequest request, CancellationToken cancellationToken);

    /// <summary>Whether <see cref="GetTlsOptionsAsync"/> gives parameters in general. FEAT lists AUTH TLS only if it does. The default is false.</summary>
    bool OffersTls => false;

    /// <summary>
    /// The TLS parameters for one handshake, so that certificates can change at any time and depend on the name asked for; null if there is no TLS at the moment. The default returns null; a driver that returns some sets <see cref="OffersTls"/> too.
    /// Keep one <see cref="SslStreamCertificateContext"/> a certificate: making one costs milliseconds. Do not set a cipher suites policy: it switches session resumption off.
    /// </summary>
    ValueTask<SslServerAuthenticationOptions?> GetTlsOptionsAsync(TlsRequest request, CancellationToken cancellationToken) => ValueTask.FromResult<SslServerAuthenticationOptions?>(null);
}

/// <summary>The answer to a new connection.</summary>
public sealed record WelcomeResult
{
    private WelcomeResult()
    {
    }

    /// <summary>Whether the connection is served; otherwise it is closed with 421.</summary>
    public bool IsAccepted { get; private init; }

    /// <summary>The text of the greeting or of the refusal, one element a line; null for the engine's own.</summary>
    public IReadOnlyList<string>? Text { get; private init; }

    /// <summary>Serve it, with the given greeting.</summary>
    public static WelcomeResult Accept(IReadOnlyList<string>? greeting = null) => new() { IsAccepted = true, Text = greeting };

    /// <summary>Do not serve it.</summary>
    public static WelcomeResult Refuse(string? reason = null) => new() { Text = reason is null ? null : [reason] };
}
