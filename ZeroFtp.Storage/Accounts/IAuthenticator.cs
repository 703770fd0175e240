using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Storage.Accounts;

/// <summary>
/// A source of logins beside the stored accounts: a directory service, the operating system's users, a list of one-time passwords. Authenticators are asked in
/// order, the stored accounts last.
/// </summary>
public interface IAuthenticator
{
    /// <summary>
    /// Judges a login by what the client has sent so far; see <see cref="IServerDriver.AuthenticateAsync"/>. The caller checks afterwards whether the account
    /// is enabled, expired, allowed from the client's address, or requires TLS. Take the same time for unknown names and wrong passwords.
    /// </summary>
    ValueTask<Authentication> AuthenticateAsync(LoginRequest request, CancellationToken cancellationToken);
}
