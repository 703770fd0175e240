using System.Security.Cryptography;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Metadata;

namespace ZeroFtp.Storage.Accounts;

/// <summary>Authenticates logins to the stored accounts, by password, by client certificate, or without a password where the account allows it.</summary>
/// <remarks>
/// An account that requires TLS is rejected before its password is requested. That reveals that the account exists, but keeps the password off the wire. Apart
/// from that, an unknown name, an account without a password and a wrong password take the same path and the same time: a missing account is replaced by a
/// decoy row, and only the last step tells them apart. A login that was verified recently skips the hashing.
/// </remarks>
internal sealed class AccountAuthenticator(AccountStore accounts, PasswordHasher hasher, VerifiedLogins verified, ClientCertificates certificates,
    AccountWatch watch, string? anonymousAccount) : IAuthenticator
{
    public async ValueTask<Authentication> AuthenticateAsync(LoginRequest request, CancellationToken cancellationToken)
    {
        bool isAnonymous = anonymousAccount is not null
            && (request.User.Equals("anonymous", StringComparison.OrdinalIgnoreCase) || request.User.Equals("ftp", StringComparison.OrdinalIgnoreCase));
        long generation = watch.Generation;
        AccountRow row = await accounts.FindLoginAsync(isAnonymous ? anonymousAccount! : request.User, cancellationToken).ConfigureAwait(false);
        Account account = AccountMapping.ToAccount(row, home: null, rules: []);
        bool byCertificate = certificates.Match(account, request.ClientCertificate);
        if (!byCertificate)
        {
            if (account.RequiresTls && !request.Session.IsProtected)
                return new Authentication.Rejected("The account needs TLS.") { NeedsTls = true };
            bool needsNone = account.AllowsNoPassword && !isAnonymous;
            if (request.Password is null && !needsNone)
                return new Authentication.NeedPassword();
            if (!isAnonymous && !needsNone && !await IsPasswordAsync(row, request, cancellationToken).ConfigureAwait(false))
                return new Authentication.Rejected(row.IsDecoy ? "There is no such account." : "The password is wrong.");
            if (row.IsDecoy)
                return new Authentication.Rejected("There is no account for anonymous access.");
        }
        if (account.AccountCode is string code)
        {
            if (request.Account is null)
                return new Authentication.NeedAccount();
            if (!CryptographicOperations.FixedTimeEquals(FtpText.Encode(code), FtpText.Encode(request.Account)))
                return new Authentication.Rejected("The account code is wrong.");
        }
        return new Authentication.Accepted(account)
        {
            Stored = new StoredLogin(row, SessionAccount.Of(account, row.Home, row.Rules), generation),
            ByCertificate = byCertificate,
            IsAnonymous = isAnonymous,
        };
    }

    private async ValueTask<bool> IsPasswordAsync(AccountRow row, LoginRequest request, CancellationToken cancellationToken)
    {
        string hash = row.PasswordHash is { Length: > 0 } own ? own : hasher.Decoy;
        PasswordLogin login = new(row.Name, request.Password!, request.Session.ClientNetwork, verified);
        if (login.IsVerified(hash))
            return true;
        if (!await hasher.VerifyAsync(login, hash, cancellationToken).ConfigureAwait(false))
            return false;
        if (hasher.NeedsRenewal(hash))
            await accounts.RenewPasswordAsync(row.Name, login.Password, hash, login.Client, cancellationToken).ConfigureAwait(false);
        return true;
    }
}
