using System.Security.Cryptography;
using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Diagnostics;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Protocol.Commands.Login;

/// <summary>What USER, PASS and ACCT have in common: the driver is asked, and its answer becomes the session's state and a reply.</summary>
internal static class LoginSteps
{
    private static readonly Reply NotAllowed = Reply.Constant(530, "Login not allowed.");
    private static readonly Reply TooManySessions = Reply.Constant(530, "This user has too many sessions.");
    private static readonly Reply NeedPassword = Reply.Constant(331, "Password required.");
    private static readonly Reply GivenUp = Reply.Constant(421, "Login given up, closing control connection.");
    private static readonly Reply TryLater = Reply.Constant(421, "Too many logins at the moment, try again later.");
    private static readonly Reply NeedAccount = Reply.Constant(332, "Need account for login.");

    public static async ValueTask<Outcome> ContinueAsync(FtpSession session, string? password, string? account, CancellationToken cancellationToken)
    {
        LoginState login = session.Login;
        string user = login.PendingUser!;
        if (password is not null && IsBarred(session))
            return Barred(session, user);
        LoginResult result;
        using LoginAttempt? attempt = password is null ? null : new LoginAttempt(session, cancellationToken);
        try
        {
            if (attempt is not null && !await TakeTurnAsync(session, user, attempt.Token).ConfigureAwait(false))
            {
                login.ClearPending();
                Refuse(session, user, "too many failed logins of this user");
                return new Outcome(Replies.TooManyFailures, After: After.Close);
            }
            result = await session.Context.Driver.AuthenticateAsync(
                new LoginRequest { Session = session, User = user, Password = password, Account = account, ClientCertificate = session.Control.ClientCertificate },
                attempt?.Token ?? cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (attempt is { IsGivenUp: true } && !cancellationToken.IsCancellationRequested)
        {
            if (IsBarred(session))
                return Barred(session, user);
            login.ClearPending();
            Refuse(session, user, "the client has gone");
            return new Outcome(GivenUp, After: After.Close);
        }
        catch
        {
            login.ClearPending();
            throw;
        }
        if (password is not null && IsBarred(session))
        {
            // Others have guessed from there meanwhile: a right guess must not be told from the wrong ones beside it.
            if (result is LoginResult.Accepted { Driver: var driver })
                await UserLeaving.DisposeAsync(driver).ConfigureAwait(false);
            return Barred(session, user);
        }
        switch (result)
        {
            case LoginResult.NeedPassword need when password is null:
                login.AwaitsPassword = true;
                return need.Challenge is { } challenge
                    ? Reply.Of(336, $"Password required. Challenge is \"{challenge}\".")
                    : NeedPassword;
            case LoginResult.NeedAccount when account is null:
                login.AwaitsPassword = false;
                login.AwaitsAccount = true;
                login.PendingPassword = password;
                return NeedAccount;
            case LoginResult.TryLater later:
                login.ClearPending();
                Refuse(session, user, later.Reason);
                return new Outcome(TryLater, After: After.Close);
            case LoginResult.Accepted accepted:
                if (password is not null)
                    session.Context.UserLogins.Succeed(user, session.ClientNetwork, login.FailedUser == user ? login.FailedInARow : 0);
                return await AcceptAsync(session, user, accepted, withoutPassword: password is null, cancellationToken).ConfigureAwait(false);
            case LoginResult.Rejected { NeedsTls: true }:
                login.ClearPending();
                return Replies.UseTlsFirst;
            case LoginResult.Rejected { IsFinal: true } rejected when password is null:
                login.ClearPending();
                Refuse(session, user, rejected.Reason);
                return NotAllowed;
            default:
                return await FailAsync(session, user, (result as LoginResult.Rejected)?.Reason ?? "incomplete", cancellationToken).ConfigureAwait(false);
        }
    }

    private static async ValueTask<Outcome> AcceptAsync(FtpSession session, string user, LoginResult.Accepted accepted, bool withoutPassword, CancellationToken cancellationToken)
    {
        LoginState login = session.Login;
        string name = accepted.UserName ?? user;
        if (!session.Context.Users.TryEnter(name, accepted.Limits, session.Clock, out Data.RateLimiter? download, out Data.RateLimiter? upload))
        {
            await UserLeaving.DisposeAsync(accepted.Driver).ConfigureAwait(false);
            login.ClearPending();
            // Who knows the password is no stranger who guesses: nothing is counted against the address.
            Refuse(session, user, "the user has too many sessions");
            return TooManySessions;
        }
        login.ClearPending();
        login.Accepted = accepted;
        login.User = name;
        login.WithoutPassword = withoutPassword;
        login.GaveStoringAccount = false;
        if (login.FailedUser == user)
        {
            // A typing error of one's own is forgiven; guesses at others' passwords are not.
            session.Context.Logins.Forgive(session.ClientNetwork, login.FailedInARow);
            login.Failures -= login.FailedInARow;
        }
        login.FailedUser = null;
        session.UserDownloadLimiter = download;
        session.UserUploadLimiter = upload;
        session.WorkingDirectory = accepted.StartDirectory;
        session.IdleTimeout = accepted.Limits.IdleTimeout ?? session.Options.Limits.IdleTimeout;
        if (accepted.Revoked.CanBeCanceled)
            login.Revocation = accepted.Revoked.UnsafeRegister(static state => ((FtpSession)state!).Context.Revoke((FtpSession)state), session);
        session.Events.LoginFinished(session, name, accepted: true);
        Log.LoggedIn(session.Logger, session.Id, Printable.Text(name), session.RemoteEndPoint);
        int code = accepted.ByCertificate && withoutPassword ? 232 : 230;
        string text = code == 232 ? $"User {name} logged in, authorised by certificate." : $"User {name} logged in.";
        return accepted.Banner is { Count: > 0 } banner ? Reply.Of(code, banner, text) : Reply.Of(code, text);
    }

    /// <summary>ACCT of a user who is logged in and may not store before it. A wrong one counts as a failed login and leaves the user where he was.</summary>
    public static async ValueTask<Outcome> UnlockAsync(FtpSession session, string account, CancellationToken cancellationToken)
    {
        LoginState login = session.Login;
        if (IsBarred(session))
            return Barred(session, login.User!);
        if (!CryptographicOperations.FixedTimeEquals(FtpText.Encode(account), FtpText.Encode(login.Accepted!.StoringAccount!)))
        {
            Outcome failed = await FailAsync(session, login.User!, "wrong account for storing", cancellationToken).ConfigureAwait(false);
            // The password is known here; giving it once more must not buy further guesses.
            login.FailedUser = null;
            return failed;
        }
        login.GaveStoringAccount = true;
        return Reply.Of(230, $"User {login.User} logged in.");
    }

    private static async ValueTask<Outcome> FailAsync(FtpSession session, string user, string reason, CancellationToken cancellationToken)
    {
        LoginState login = session.Login;
        login.ClearPending();
        Refuse(session, user, reason);
        login.FailedInARow = login.FailedUser == user ? login.FailedInARow + 1 : 1;
        login.FailedUser = user;
        if (session.Context.UserLogins.Fail(user, session.ClientNetwork))
            Log.UserSlowedDown(session.Logger, Printable.Text(user));
        TimeSpan delay = session.Context.Logins.Fail(session.ClientNetwork);
        if (session.ClientNetwork is { } client && session.Context.Logins.IsBarred(client))
            session.Context.PendingLogins.GiveUp(client);
        if (delay > TimeSpan.Zero)
            await Task.Delay(delay, session.Clock, cancellationToken).ConfigureAwait(false);
        int most = session.Options.Limits.MaxLoginFailures;
        return ++login.Failures >= most && most > 0 ? new Outcome(Replies.TooManyFailures, After: After.Close) : Replies.LoginIncorrect;
    }

    /// <summary>Waits while the user's logins take turns; false if there are too many.</summary>
    private static async ValueTask<bool> TakeTurnAsync(FtpSession session, string user, CancellationToken cancellationToken)
    {
        if (session.Context.UserLogins.Admit(user, session.ClientNetwork) is not { } wait)
            return false;
        if (wait > TimeSpan.Zero)
            await Task.Delay(wait, session.Clock, cancellationToken).ConfigureAwait(false);
        return true;
    }

    private static bool IsBarred(FtpSession session) => session.Context.Logins.IsBarred(session.ClientNetwork);

    private static Outcome Barred(FtpSession session, string user)
    {
        session.Login.ClearPending();
        Refuse(session, user, "too many failed logins from this address");
        return new Outcome(Replies.TooManyFailures, After: After.Close);
    }

    private static void Refuse(FtpSession session, string user, string reason)
    {
        session.Events.LoginFinished(session, user, accepted: false);
        Log.LoginRefused(session.Logger, session.Id, Printable.Text(user), session.RemoteEndPoint, reason);
    }
}
