using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Sessions;
using ZeroFtp.Protocol.Transfer;

namespace ZeroFtp.Protocol.Commands.Digests;

/// <summary>HASH (draft-bryan-ftpext-hash).</summary>
internal static class Hash
{
    public static readonly Verb Definition = new("HASH", Needs.Login | Needs.Argument, RunAsync)
    {
        Help = "HASH path",
        Feature = static session => "HASH " + string.Concat(FileHash.All.Select(algorithm => FileHash.NameOf(algorithm) + (algorithm == session.HashAlgorithm ? "*;" : ";"))),
        ArgumentMissing = Reply.Of(501, "HASH requires a path."),
    };

    private static async ValueTask<Outcome> RunAsync(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        Arguments.Demand(session, FtpPermissions.Read);
        (FtpPath path, string shown, FtpEntry entry) = await FindAsync(session, argument, cancellationToken).ConfigureAwait(false);
        if (entry.IsDirectory)
            return Reply.Of(553, $"Is a directory: {shown}");
        if (!entry.IsFile)
            return Replies.NotAPlainFile(shown);
        long start = 0, end = entry.Size;
        if (session.Marker is { End: { } last } marker)
        {
            start = Math.Min(marker.Start, entry.Size);
            end = last >= entry.Size ? entry.Size : last + 1;
            session.Marker = null;
        }
        if (FileHash.IsTooLong(session, end - start))
            return Reply.Of(556, $"Refused by policy: {shown}");
        FtpHashAlgorithm algorithm = session.HashAlgorithm;
        return Outcome.Start(new Job(session, "HASH", shown, token => FileHash.InSlotAsync(session, () => HashAsync(session, path, shown, algorithm, start, end, token), token)));
    }

    private static async ValueTask<Reply> HashAsync(FtpSession session, FtpPath path, string shown, FtpHashAlgorithm algorithm, long start, long end, CancellationToken cancellationToken)
    {
        byte[] digest = await FileHash.ComputeAsync(session, path, algorithm, start, end - start, cancellationToken).ConfigureAwait(false);
        return Reply.Of(213, $"{FileHash.NameOf(algorithm)} {start}-{Math.Max(start, end - 1)} {Convert.ToHexStringLower(digest)} {shown}");
    }

    /// <summary>An argument wholly in double quotes is taken without them if no file has the quoted name (HASH-DF-1).</summary>
    private static async ValueTask<(FtpPath Path, string Shown, FtpEntry Entry)> FindAsync(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        FtpPath path = Arguments.FilePath(session, argument);
        if (await session.Driver.GetFileInfoAsync(path, cancellationToken).ConfigureAwait(false) is { } entry)
            return (path, argument, entry);
        if (argument.Length > 2 && argument[0] == '"' && argument[^1] == '"')
        {
            string inner = argument[1..^1];
            path = Arguments.FilePath(session, inner);
            return (path, inner, await Arguments.EntryAsync(session, path, cancellationToken).ConfigureAwait(false));
        }
        throw new FtpDriverException(FtpError.NotFound);
    }
}
