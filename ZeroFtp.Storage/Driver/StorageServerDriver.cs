using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Accounts;
using ZeroFtp.Storage.Content;
using ZeroFtp.Storage.Metadata;

namespace ZeroFtp.Storage.Driver;

/// <summary>Logs users in to their accounts and gives each session its tree.</summary>
internal sealed class StorageServerDriver(StorageContext context, AccountStore accounts, AccountWatch watch, IReadOnlyList<IAuthenticator> authenticators) : IServerDriver
{
    public async ValueTask<LoginResult> AuthenticateAsync(LoginRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            foreach (IAuthenticator authenticator in authenticators)
            {
                switch (await authenticator.AuthenticateAsync(request, cancellationToken).ConfigureAwait(false))
                {
                    case Authentication.NotMine:
                        continue;
                    case Authentication.NeedPassword needed:
                        return new LoginResult.NeedPassword(needed.Challenge);
                    case Authentication.NeedAccount:
                        return new LoginResult.NeedAccount();
                    case Authentication.Rejected rejected:
                        return new LoginResult.Rejected(rejected.Reason) { NeedsTls = rejected.NeedsTls };
                    case Authentication.Accepted accepted:
                        return AccountPolicy.Refuse(accepted.Account, request.Session, MetadataTime.ToUtc(context.Now)) ?? await AcceptAsync(accepted, request.Session, cancellationToken).ConfigureAwait(false);
                }
            }
            return request.Password is null ? new LoginResult.NeedPassword() : new LoginResult.Rejected("There is no such user.");
        }
        catch (HashQueueException exception)
        {
            return new LoginResult.TryLater(exception.Message);
        }
        catch (MetadataException exception)
        {
            throw StorageFailure.Of(exception);
        }
    }

    private async ValueTask<LoginResult> AcceptAsync(Authentication.Accepted accepted, FtpSessionInfo info, CancellationToken cancellationToken)
    {
        Account account = accepted.Account;
        SessionAccount session = accepted.Stored?.Session ?? await accounts.OpenSessionAsync(account, cancellationToken).ConfigureAwait(false);
        WatchedLogin? login = null;
        if (accepted.Stored is { } stored)
        {
            login = await watch.RegisterAsync(stored.Row, info, accepted.ByCertificate, stored.Generation, cancellationToken).ConfigureAwait(false);
            if (login is null)
                return new LoginResult.Rejected("The account was changed during the login.");
        }
        return new LoginResult.Accepted(new StorageDriver(context, session, login))
        {
            Revoked = login?.Revoked ?? CancellationToken.None,
            UserName = account.Name,
            StartDirectory = FtpPath.Parse(account.StartDirectory),
            Permissions = session.Widest,
            StoringAccount = account.StoringCode,
            IsAdministrator = account.IsAdministrator,
            IsAnonymous = accepted.IsAnonymous,
            ByCertificate = accepted.ByCertificate,
            Limits = LimitsOf(account),
        };
    }

    private static UserLimits LimitsOf(Account account)
    {
        UserLimits limits = account.Limits;
        if (account.RequiresDataTls)
            limits = limits with { RequireDataTls = true };
        return account.TrustsEndOfData ? limits with { TrustEndOfData = true } : limits;
    }
}
