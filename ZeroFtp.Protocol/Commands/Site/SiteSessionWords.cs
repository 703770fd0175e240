using System.Globalization;
using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Diagnostics;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Protocol.Commands.Site;

/// <summary>The words of SITE about sessions: UMASK, IDLE, QUOTA, WHO and KICK.</summary>
internal static class SiteSessionWords
{
    private const int ShortestIdle = 30;
    private static readonly Reply BadUmask = Reply.Constant(501, "SITE UMASK requires an octal mask.");
    private static readonly Reply NoQuota = Reply.Constant(202, "No quota for this user.");
    private static readonly Reply Denied = Reply.Constant(550, "Permission denied.");

    public static ValueTask<Outcome> Umask(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        string text = argument.Trim(' ');
        if (text.Length > 0)
        {
            if (text.Length > 4 || text.AsSpan().IndexOfAnyExceptInRange('0', '7') >= 0 || Convert.ToInt32(text, 8) > 0b111_111_111)
                return (Outcome)BadUmask;
            session.Umask = Convert.ToInt32(text, 8);
        }
        return (Outcome)Reply.Of(200, $"UMASK is {SiteWords.Octal(session.Umask, 3)}.");
    }

    public static ValueTask<Outcome> Idle(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        string text = argument.Trim(' ');
        if (text.Length > 0)
        {
            int longest = (int)session.Options.Limits.MaxIdleTimeout.TotalSeconds;
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) || seconds < ShortestIdle || seconds > longest)
                return (Outcome)Reply.Of(501, $"SITE IDLE requires {ShortestIdle} to {longest} seconds.");
            session.IdleTimeout = TimeSpan.FromSeconds(seconds);
        }
        return (Outcome)Reply.Of(200, $"Idle limit is {(long)session.IdleTimeout.TotalSeconds} seconds.");
    }

    public static async ValueTask<Outcome> QuotaAsync(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        if (await ((IQuotaReporting)session.Driver).GetQuotaAsync(cancellationToken).ConfigureAwait(false) is not { } quota)
            return NoQuota;
        return Reply.Of(200, ["Quota report follows.", $"Bytes: {quota.UsedBytes} of {Limit(quota.MaxBytes)}", $"Files: {quota.UsedFiles} of {Limit(quota.MaxFiles)}"], "End of report.");
    }

    public static ValueTask<Outcome> Who(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        if (!session.Accepted.IsAdministrator)
            return (Outcome)Denied;
        List<string> lines = ["Sessions:"];
        foreach (FtpSessionInfo other in session.Context.Sessions.All.Select(static loop => (FtpSessionInfo)loop.Session).OrderBy(static info => info.Id))
        {
            TimeSpan age = session.Clock.GetUtcNow() - other.OpenedAt;
            lines.Add($"{other.Id} {other.User ?? "-"} {Addresses.Show(other.RemoteEndPoint)} {(long)age.TotalSeconds}s {(other.IsProtected ? "TLS" : "clear")} {other.Activity ?? "idle"}{Progress(other)}");
        }
        return (Outcome)Reply.Of(211, lines, "End of list.");
    }

    public static ValueTask<Outcome> Kick(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        if (!session.Accepted.IsAdministrator)
            return (Outcome)Denied;
        if (!long.TryParse(argument.Trim(' '), NumberStyles.None, CultureInfo.InvariantCulture, out long id))
            return (Outcome)Reply.Of(501, "SITE KICK requires the number of a session.");
        if (!session.Context.KickRequested(id))
            return (Outcome)Reply.Of(550, $"Session {id} not found.");
        Log.Kicked(session.Logger, session.Id, Printable.Text(session.User ?? ""), id);
        return (Outcome)Reply.Of(200, $"Session {id} is being closed.");
    }

    private static string Progress(FtpSessionInfo session) => session.Transfer is not { } transfer ? ""
        : transfer.ExpectedBytes is { } expected ? $" [{transfer.Bytes} of {expected} bytes]" : $" [{transfer.Bytes} bytes]";

    private static string Limit(long? limit) => limit is { } value ? value.ToString(CultureInfo.InvariantCulture) : "unlimited";
}
