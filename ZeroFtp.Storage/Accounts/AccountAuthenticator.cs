using System.Security.Cryptography;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Metadata;

namespace ZeroFtp.Storage.Accounts;

/// <summary>Logins to the stored accounts, by password, by client certificate, or by none where an account says so.</summary>
/// <remarks>An account that needs TLS is refused before a password is asked for, which tells that it exists, but keeps the password off the wire. Otherwise an unknown name, a name without a password and a wrong password take the same way and cost the same time: where there is no account its place is taken by a row that looks like one, and only the last step tells them apart. A login that was verified a moment ago costs none.</remarks>
internal sealed class AccountAuthenticator(AccountStore accounts, PasswordHasher hasher, VerifiedLogins verified, ClientCertificates certificates, AccountWatch watch, string? anonymousAccount) : IAuthenticator
{
    public async ValueTask<Authentication> AuthenticateAsync(LoginRequest request, CancellationToken cancellationToken)
    {
        bool isAnonymous = anonymousAccount is not null && (request.User.Equals("anonymous", StringComparison.OrdinalIgnoreCase) || request.User.Equals("ftp", StringComparison.OrdinalIgnoreCase));
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
        return new Authentication.Accepted(account) { Stored = new StoredLogin(row, SessionAccount.Of(account, row.Home, row.Rules), generation), ByCertificate = byCertificate, IsAnonymous = isAnonymous };
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
