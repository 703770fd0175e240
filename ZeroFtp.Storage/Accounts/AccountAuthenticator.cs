using System.Security.Cryptography;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Metadata;

namespace ZeroFtp.Storage.Accounts;

/// <summary>Logins to the stored accounts, by password, by client certificate, or by none where an account says so.</summary>
/// <remarks>An account that needs TLS is refused before a password is asked for, which tells that it exists, but keeps the password off the wire. Otherwise an unknown name, a name without a password and a wrong password cost the same time. A login that was verified a moment ago costs none.</remarks>
internal sealed class AccountAuthenticator(AccountStore accounts, PasswordHasher hasher, VerifiedLogins verified, ClientCertificates certificates, string? anonymousAccount) : IAuthenticator
{
    public async ValueTask<Authentication> AuthenticateAsync(LoginRequest request, CancellationToken cancellationToken)
    {
        bool isAnonymous = anonymousAccount is not null && (request.User.Equals("anonymous", StringComparison.OrdinalIgnoreCase) || request.User.Equals("ftp", StringComparison.OrdinalIgnoreCase));
        AccountRow? row = await accounts.FindRowAsync(isAnonymous ? anonymousAccount! : request.User, cancellationToken).ConfigureAwait(false);
        Account? account = row is null ? null : AccountMapping.ToAccount(row, home: null, rules: []);
        bool byCertificate = account is not null && certificates.Match(account, request.ClientCertificate);
        if (!byCertificate)
        {
            if (account is { RequiresTls: true } && !request.Session.IsProtected)
                return new Authentication.Rejected("The account needs TLS.") { NeedsTls = true };
            bool needsNone = account is { AllowsNoPassword: true } && !isAnonymous;
            if (request.Password is null && !needsNone)
                return new Authentication.NeedPassword();
            if (!isAnonymous && !needsNone && !await IsPasswordAsync(row, request.Password!, cancellationToken).ConfigureAwait(false))
                return new Authentication.Rejected(row is null ? "There is no such account." : "The password is wrong.");
            if (row is null)
                return new Authentication.Rejected("There is no account for anonymous access.");
        }
        if (account!.AccountCode is string code)
        {
            if (request.Account is null)
                return new Authentication.NeedAccount();
            if (!CryptographicOperations.FixedTimeEquals(FtpText.Encode(code), FtpText.Encode(request.Account)))
                return new Authentication.Rejected("The account code is wrong.");
        }
        return Accept(account, row!) with { ByCertificate = byCertificate, IsAnonymous = isAnonymous };
    }

    private static Authentication.Accepted Accept(Account account, AccountRow row) => new(account) { Session = SessionAccount.Of(account, row.Home, row.Rules) };

    private async ValueTask<bool> IsPasswordAsync(AccountRow? row, string password, CancellationToken cancellationToken)
    {
        if (row is not { PasswordHash: { Length: > 0 } hash })
            return await hasher.VerifyAsync(password, null, cancellationToken).ConfigureAwait(false);
        if (verified.Contains(row.Name, hash, password))
            return true;
        if (!await hasher.VerifyAsync(row.Name, password, hash, verified, cancellationToken).ConfigureAwait(false))
            return false;
        if (hasher.NeedsRenewal(hash))
            await accounts.RenewPasswordAsync(row.Name, password, hash, cancellationToken).ConfigureAwait(false);
        return true;
    }
}
