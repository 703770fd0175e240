using ZeroFtp.Protocol.Commands.Facts;
using ZeroFtp.Protocol.Commands.Files;
using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Events;
using ZeroFtp.Protocol.Sessions;
using ZeroFtp.Protocol.Transfer;

namespace ZeroFtp.Protocol.Commands.Site;

/// <summary>The words of SITE that change the tree: CHMOD, UTIME, MKDIR, RMDIR, SYMLINK, CPFR and CPTO.</summary>
internal static class SiteFileWords
{
    private static readonly Reply ModeChanged = Reply.Constant(200, "Permissions changed.");
    private static readonly Reply BadChmod = Reply.Constant(501, "SITE CHMOD requires an octal mode and a path.");
    private static readonly Reply TimesChanged = Reply.Constant(200, "Times changed.");
    private static readonly Reply BadUtime = Reply.Constant(501, "SITE UTIME requires a valid time and a path.");
    private static readonly Reply BadMkdir = Reply.Constant(501, "SITE MKDIR requires a path.");
    private static readonly Reply BadRmdir = Reply.Constant(501, "SITE RMDIR requires a path.");
    private static readonly Reply LinkMade = Reply.Constant(200, "Symbolic link created.");
    private static readonly Reply BadSymlink = Reply.Constant(501, "SITE SYMLINK requires a target and a link name.");
    private static readonly Reply ReadyToCopy = Reply.Constant(350, "Ready for SITE CPTO.");
    private static readonly Reply BadCpfr = Reply.Constant(501, "SITE CPFR requires a path.");
    private static readonly Reply BadCpto = Reply.Constant(501, "SITE CPTO requires a path.");
    private static readonly Reply CpfrFirst = Reply.Constant(503, "Send SITE CPFR first.");

    public static async ValueTask<Outcome> ChmodAsync(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        if (!TrySplit(argument, out string text, out string name) || !SiteWords.TryMode(session, text, out int mode))
            return BadChmod;
        return await NamedAsync(name, async () =>
        {
            await Times.ChangeAsync(session, name, new FactChange { Mode = mode }, cancellationToken).ConfigureAwait(false);
            return ModeChanged;
        }).ConfigureAwait(false);
    }

    public static async ValueTask<Outcome> UtimeAsync(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        if (!TryUtime(argument, out string name, out DateTime utc))
            return BadUtime;
        return await NamedAsync(name, async () =>
        {
            await Times.ChangeAsync(session, name, new FactChange { ModifiedUtc = utc }, cancellationToken).ConfigureAwait(false);
            return TimesChanged;
        }).ConfigureAwait(false);
    }

    public static async ValueTask<Outcome> MakeDirectoriesAsync(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        if (argument.Length == 0)
            return BadMkdir;
        FtpPath path = Arguments.Path(session, argument);
        Arguments.Demand(session, FtpPermissions.MakeDirectory);
        FtpPath current = FtpPath.Root;
        foreach (string component in path.Components)
        {
            current = current.Append(component);
            Arguments.CheckNewName(session, current);
        }
        current = FtpPath.Root;
        foreach (string component in path.Components)
        {
            current = current.Append(component);
            if (await session.Driver.GetFileInfoAsync(current, cancellationToken).ConfigureAwait(false) is { } entry)
            {
                if (!entry.IsDirectory)
                    throw new FtpDriverException(FtpError.NotADirectory);
                continue;
            }
            try
            {
                await session.Driver.MakeDirectoryAsync(current, 0b111_111_111 & ~session.Umask, cancellationToken).ConfigureAwait(false);
                session.Changed(FtpChangeKind.DirectoryMade, current);
            }
            catch (FtpDriverException exception) when (exception.Error == FtpError.AlreadyExists)
            {
                // Somebody else made it meanwhile, which is as good.
            }
        }
        return Reply.Of(200, $"{argument} created.");
    }

    public static async ValueTask<Outcome> RemoveTreeAsync(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        if (argument.Length == 0)
            return BadRmdir;
        FtpPath path = Arguments.Path(session, argument);
        Arguments.Demand(session, FtpPermissions.Delete);
        if (path.IsRoot)
            return Reply.Of(550, $"Cannot be removed: {argument}");
        FtpEntry entry = await Arguments.EntryAsync(session, path, cancellationToken).ConfigureAwait(false);
        if (!entry.IsDirectory || entry.LinkTarget is not null)
            return Replies.NotADirectory(argument);
        return Outcome.Start(new Job(session, "SITE RMDIR", argument, async token =>
        {
            await TreeWalk.RemoveAsync(session, path, token).ConfigureAwait(false);
            session.Changed(FtpChangeKind.DirectoryRemoved, path);
            return Reply.Of(200, $"{argument} removed.");
        }));
    }

    public static async ValueTask<Outcome> LinkAsync(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        if (!TrySplitNames(argument, out string target, out string name))
            return BadSymlink;
        FtpPath link = Arguments.Path(session, name);
        Arguments.CheckNewName(session, link);
        Arguments.Demand(session, FtpPermissions.Write);
        if (target.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0)
            throw new FtpDriverException(FtpError.NameNotAllowed);
        return await NamedAsync(name, async () =>
        {
            await ((ISymbolicLinking)session.Driver).CreateSymbolicLinkAsync(link, target, cancellationToken).ConfigureAwait(false);
            session.Changed(FtpChangeKind.Linked, link);
            return LinkMade;
        }).ConfigureAwait(false);
    }

    public static async ValueTask<Outcome> CopyFromAsync(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        if (argument.Length == 0)
            return BadCpfr;
        FtpPath path = Arguments.FilePath(session, argument);
        Arguments.Demand(session, FtpPermissions.Read);
        Arguments.Demand(await Arguments.FileAsync(session, path, cancellationToken).ConfigureAwait(false), FtpPermissions.Read);
        session.CopyFrom = path;
        return ReadyToCopy;
    }

    public static ValueTask<Outcome> CopyToAsync(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        FtpPath? source = session.CopyFrom;
        session.CopyFrom = null;
        if (argument.Length == 0)
            return (Outcome)BadCpto;
        if (source is not { } from)
            return (Outcome)CpfrFirst;
        FtpPath to = Arguments.FilePath(session, argument);
        Arguments.CheckNewName(session, to);
        Arguments.Demand(session, FtpPermissions.Write);
        if (to == from)
            return (Outcome)Replies.NameNotAllowed(argument);
        return Outcome.Start(new Job(session, "SITE CPTO", argument, async token =>
        {
            await FileCopy.CopyAsync(session, from, to, token).ConfigureAwait(false);
            session.Changed(FtpChangeKind.Stored, to);
            return Reply.Of(250, "Copy successful.");
        }));
    }

    private static async ValueTask<Outcome> NamedAsync(string name, Func<ValueTask<Reply>> run)
    {
        try
        {
            return await run().ConfigureAwait(false);
        }
        catch (FtpDriverException exception) when (exception.Error != FtpError.Unavailable)
        {
            return DriverReplies.Of(exception.Error, name);
        }
    }

    /// <summary><c>time path</c>, or <c>path atime mtime ctime UTC</c> (SITE-UTIME-1 and -2).</summary>
    private static bool TryUtime(string argument, out string name, out DateTime utc)
    {
        utc = default;
        if (argument.EndsWith(" UTC", StringComparison.OrdinalIgnoreCase) && argument.Split(' ') is { Length: >= 5 } words
            && FtpTime.TryParse(words[^4], out _) && FtpTime.TryParse(words[^3], out utc) && FtpTime.TryParse(words[^2], out _))
        {
            name = string.Join(' ', words[..^4]);
            return true;
        }
        if (!TrySplit(argument, out string time, out name))
            return false;
        return FtpTime.TryParse(time.Length == FtpTime.Length - 2 ? time + "00" : time, out utc);
    }

    /// <summary>A word, one space, and a path, which may begin with spaces itself. Spaces before the word are harmless.</summary>
    private static bool TrySplit(string argument, out string first, out string rest)
    {
        argument = argument.TrimStart(' ');
        int space = argument.IndexOf(' ', StringComparison.Ordinal);
        first = space < 0 ? argument : argument[..space];
        rest = space < 0 ? "" : argument[(space + 1)..];
        return first.Length > 0 && rest.Length > 0;
    }

    /// <summary>Two names. One with spaces stands in double quotes, in which a quote is doubled; the second may go without them.</summary>
    private static bool TrySplitNames(string argument, out string first, out string second)
    {
        string rest = argument.TrimStart(' ');
        second = "";
        if (!TryTakeName(ref rest, out first) || rest.Length == 0)
            return false;
        second = rest;
        return !rest.StartsWith('"') || (TryTakeName(ref rest, out second) && rest.Length == 0);
    }

    private static bool TryTakeName(ref string rest, out string name)
    {
        int end = 0;
        if (!rest.StartsWith('"'))
        {
            end = rest.IndexOf(' ', StringComparison.Ordinal);
            name = end < 0 ? rest : rest[..end];
        }
        else
        {
            do
            {
                end = rest.IndexOf('"', end + 1);
            }
            while (end >= 0 && end + 1 < rest.Length && rest[end + 1] == '"' && ++end > 0);
            if (end < 0 || (end + 1 < rest.Length && rest[end + 1] != ' '))
            {
                name = "";
                return false;
            }
            name = rest[1..end].Replace("\"\"", "\"", StringComparison.Ordinal);
            end++;
        }
        rest = end < 0 || end >= rest.Length ? "" : rest[end..].TrimStart(' ');
        return name.Length > 0;
    }
}
