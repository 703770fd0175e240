using ZeroFtp.Protocol.Commands.Files;
using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Events;
using ZeroFtp.Protocol.Sessions;
using ZeroFtp.Protocol.Transfer;

namespace ZeroFtp.Protocol.Commands.Transfers;

/// <summary>COMB: parts are appended to a target in order and removed (de facto; clients that upload in parallel pieces).</summary>
internal static class Comb
{
    private static readonly Reply Bad = Reply.Constant(501, "COMB requires a target and at least one part.");

    public static readonly Verb Definition = new("COMB", Needs.Login | Needs.Argument, RunAsync)
    {
        Help = "COMB \"target\" \"part\" ...",
        Feature = static _ => "COMB",
        ArgumentMissing = Bad,
    };

    private static async ValueTask<Outcome> RunAsync(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        if (!TrySplit(argument, out List<string> names) || names.Count < 2)
            return Bad;
        Arguments.Demand(session, FtpPermissions.Read | FtpPermissions.Delete);
        FtpPath target = Arguments.FilePath(session, names[0]);
        await Arguments.DemandAppendAsync(session, target, cancellationToken).ConfigureAwait(false);
        List<FtpPath> parts = [];
        foreach (string name in names.Skip(1))
        {
            FtpPath part = Arguments.FilePath(session, name);
            if (part == target || parts.Contains(part))
                return Replies.NameNotAllowed(name);
            if (await session.Driver.GetFileInfoAsync(part, cancellationToken).ConfigureAwait(false) is not { IsFile: true })
                return Replies.NotFound(name);
            parts.Add(part);
        }
        Arguments.CheckNewName(session, target);
        if (await session.Driver.GetFileInfoAsync(target, cancellationToken).ConfigureAwait(false) is { IsDirectory: true })
            throw new FtpDriverException(FtpError.IsADirectory);
        return Outcome.Start(new Job(session, "COMB", names[0], async token =>
        {
            await CombineAsync(session, target, parts, token).ConfigureAwait(false);
            session.Changed(FtpChangeKind.Stored, target);
            foreach (FtpPath part in parts)
                session.Changed(FtpChangeKind.Deleted, part);
            return Reply.Of(250, $"{parts.Count} files combined into {names[0]}");
        }));
    }

    private static async ValueTask CombineAsync(FtpSession session, FtpPath target, List<FtpPath> parts, CancellationToken cancellationToken)
    {
        if (session.Driver is ICombining combining)
        {
            await combining.CombineAsync(target, parts, cancellationToken).ConfigureAwait(false);
            return;
        }
        foreach (FtpPath part in parts)
        {
            await FileCopy.AppendAsync(session, part, target, cancellationToken).ConfigureAwait(false);
            await session.Driver.DeleteFileAsync(part, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Names in double quotes, or without spaces.</summary>
    private static bool TrySplit(string argument, out List<string> names)
    {
        names = [];
        ReadOnlySpan<char> rest = argument.AsSpan().Trim(' ');
        while (!rest.IsEmpty)
        {
            char end = rest[0] == '"' ? '"' : ' ';
            if (end == '"')
                rest = rest[1..];
            int length = rest.IndexOf(end);
            if (length < 0 && end == '"')
                return false;
            length = length < 0 ? rest.Length : length;
            if (length == 0)
                return false;
            names.Add(rest[..length].ToString());
            rest = rest[Math.Min(length + 1, rest.Length)..].TrimStart(' ');
        }
        return true;
    }
}
