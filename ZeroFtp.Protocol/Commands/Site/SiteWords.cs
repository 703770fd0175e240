using ZeroFtp.Protocol.Commands.Facts;
using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Options;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Protocol.Commands.Site;

/// <summary>SITE (RFC 959 section 4.1.3): the table of its words. There is no EXEC (RFC 2577 section 9).</summary>
internal static class SiteWords
{
    private static readonly Reply Missing = Reply.Constant(501, "SITE requires a subcommand.");
    private static readonly Reply Superfluous = Reply.Constant(202, "Has no effect on this server.");
    private static readonly Reply Ignored = Reply.Constant(200, "Has no effect on this server.");

    public static readonly Verb Definition = new("SITE", Needs.Login | Needs.Argument, RunAsync)
    {
        Help = "SITE subcommand ...",
        Feature = static session => string.Join('\n', Offered(session).Where(static word => word.IsFeature).Select(static word => "SITE " + word.Name)),
        ArgumentMissing = Missing,
    };

    /// <summary>One word: its name, its syntax, what it does, and for whom it is there.</summary>
    internal sealed record Word(string Name, string Help, VerbHandler Run)
    {
        public Func<FtpSession, bool> IsOffered { get; init; } = static _ => true;

        public bool IsFeature { get; init; } = true;
    }

    private static readonly Word[] Words =
    [
        new("CHMOD", "CHMOD mode path", SiteFileWords.ChmodAsync) { IsOffered = static session => Times.CanChange(session, ChangeableFacts.Mode) },
        new("CPFR", "CPFR path", SiteFileWords.CopyFromAsync),
        new("CPTO", "CPTO path", SiteFileWords.CopyToAsync),
        new("HELP", "HELP [subcommand]", HelpAsync) { IsFeature = false },
        new("IDLE", "IDLE [seconds]", SiteSessionWords.Idle) { IsFeature = false },
        new("KICK", "KICK session", SiteSessionWords.Kick) { IsFeature = false },
        new("MKDIR", "MKDIR path", SiteFileWords.MakeDirectoriesAsync),
        new("QUOTA", "QUOTA", SiteSessionWords.QuotaAsync) { IsFeature = false, IsOffered = static session => !session.IsLoggedIn || session.Driver is IQuotaReporting },
        new("RMDIR", "RMDIR path", SiteFileWords.RemoveTreeAsync),
        new("SYMLINK", "SYMLINK target link", SiteFileWords.LinkAsync) { IsOffered = static session => !session.IsLoggedIn || session.Driver is ISymbolicLinking },
        new("UMASK", "UMASK [mask]", SiteSessionWords.Umask) { IsFeature = false },
        new("UTIME", "UTIME time path | path atime mtime ctime UTC", SiteFileWords.UtimeAsync) { IsOffered = static session => Times.CanChange(session, ChangeableFacts.Modified) },
        new("WHO", "WHO", SiteSessionWords.Who) { IsFeature = false },
        new("ZONE", "ZONE", static (_, _, _) => (Outcome)Reply.Of(210, "UTC+0")) { IsFeature = false },
    ];

    /// <summary>Octal permission bits of three or four digits; the special bits are masked out unless the options allow them.</summary>
    public static bool TryMode(FtpSession session, string text, out int mode)
    {
        mode = 0;
        if (text.Length is < 3 or > 4 || text.AsSpan().IndexOfAnyExceptInRange('0', '7') >= 0)
            return false;
        mode = Convert.ToInt32(text, 8);
        if (!session.Options.Features.AllowSpecialModeBits)
            mode &= 0b111_111_111;
        return true;
    }

    public static string Octal(int value, int digits) => Convert.ToString(value, 8).PadLeft(digits, '0');

    private static IEnumerable<Word> Offered(FtpSession session) => Words.Where(word => word.IsOffered(session));

    private static async ValueTask<Outcome> RunAsync(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        FtpPath? copyFrom = session.CopyFrom;
        session.CopyFrom = null;
        string text = argument.TrimStart(' ');
        int space = text.IndexOf(' ', StringComparison.Ordinal);
        string name = (space < 0 ? text : text[..space]).ToUpperInvariant();
        string rest = space < 0 ? "" : text[(space + 1)..];
        if (name.Length == 0)
            return Missing;
        if (Array.Find(Words, word => word.Name == name) is { } word && word.IsOffered(session))
        {
            if (name == "CPTO")
                session.CopyFrom = copyFrom;
            return await RunWordAsync(session, word, rest, cancellationToken).ConfigureAwait(false);
        }
        if (session.Driver is ISiteWords own && own.Words.ContainsKey(name))
        {
            SiteAnswer answer = await own.RunAsync(name, rest, cancellationToken).ConfigureAwait(false);
            int code = answer.Code is (>= 200 and < 300) or (>= 400 and < 600) ? answer.Code : 451;
            return Reply.OfLines(code, answer.Lines.Count == 0 ? ["Done."] : answer.Lines);
        }
        FtpFeatureOptions features = session.Options.Features;
        if (features.ToleratedSiteWords.Contains(name.AsSpan(0, name.AsSpan().IndexOfAny('=', '(') is var end and >= 0 ? end : name.Length).ToString()))
            return features.ToleratedSiteCode == 200 ? Ignored : Superfluous;
        return Reply.Of(500, $"SITE {Printable.Text(name.Length > 32 ? name[..32] : name)}: Command not understood.");
    }

    /// <summary>Errors name the path of the word, not the whole argument of SITE.</summary>
    private static async ValueTask<Outcome> RunWordAsync(FtpSession session, Word word, string rest, CancellationToken cancellationToken)
    {
        try
        {
            return await word.Run(session, rest, cancellationToken).ConfigureAwait(false);
        }
        catch (FtpDriverException exception) when (exception.Error != FtpError.Unavailable)
        {
            return DriverReplies.Of(exception.Error, rest);
        }
    }

    private static ValueTask<Outcome> HelpAsync(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        string name = argument.Trim(' ').ToUpperInvariant();
        if (name.Length > 0 && Offered(session).FirstOrDefault(word => word.Name == name) is { } found)
            return (Outcome)Reply.Of(214, $"Syntax: SITE {found.Help}");
        List<string> lines = ["SITE subcommands:"];
        lines.AddRange(Offered(session).Select(static word => word.Help));
        if (session.Driver is ISiteWords own)
            lines.AddRange(own.Words.Select(static word => $"{word.Key} {word.Value}"));
        return (Outcome)Reply.Of(214, lines, "Help OK.");
    }
}
