using System.Globalization;
using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Sessions;
using ZeroFtp.Protocol.Transfer;

namespace ZeroFtp.Protocol.Commands.Digests;

/// <summary>XCRC, XMD5, XSHA, XSHA1, XSHA256, XSHA512 (de facto), and MD5 and MMD5 (draft-twine-ftpmd5, off by default).</summary>
internal static class Checksums
{
    private static readonly Reply Bad = Reply.Constant(501, "Requires a path and an optional valid range.");

    public static readonly Verb XCrc = Make("XCRC", FtpHashAlgorithm.Crc32);
    public static readonly Verb XMd5 = Make("XMD5", FtpHashAlgorithm.Md5);
    public static readonly Verb XSha = Make("XSHA", FtpHashAlgorithm.Sha1);
    public static readonly Verb XSha1 = Make("XSHA1", FtpHashAlgorithm.Sha1);
    public static readonly Verb XSha256 = Make("XSHA256", FtpHashAlgorithm.Sha256);
    public static readonly Verb XSha512 = Make("XSHA512", FtpHashAlgorithm.Sha512);

    public static readonly Verb Md5 = new("MD5", Needs.Login | Needs.Argument, Md5Async)
    {
        Help = "MD5 path",
        Feature = static _ => "MD5",
        IsOffered = static session => session.Options.Features.Md5Verbs,
        ArgumentMissing = Reply.Of(501, "MD5 requires a path."),
    };

    public static readonly Verb Mmd5 = new("MMD5", Needs.Login | Needs.Argument, Mmd5Async)
    {
        Help = "MMD5 path, path, ...",
        Feature = static _ => "MMD5",
        IsOffered = static session => session.Options.Features.Md5Verbs,
        ArgumentMissing = Reply.Of(501, "MMD5 requires at least one path."),
    };

    private static Verb Make(string name, FtpHashAlgorithm algorithm) => new(name, Needs.Login | Needs.Argument, (session, argument, token) => RunAsync(session, name, algorithm, argument, token))
    {
        Help = $"{name} \"path\" [start [end]]",
        Feature = _ => name,
        ArgumentMissing = Bad,
    };

    private static async ValueTask<Outcome> RunAsync(FtpSession session, string verb, FtpHashAlgorithm algorithm, string argument, CancellationToken cancellationToken)
    {
        Arguments.Demand(session, FtpPermissions.Read);
        (string name, string[] range) = await SplitAsync(session, argument, cancellationToken).ConfigureAwait(false);
        if (name.Length == 0 || range.Length > 2)
            return Bad;
        FtpPath path = Arguments.FilePath(session, name);
        FtpEntry entry = await Arguments.FileAsync(session, path, cancellationToken).ConfigureAwait(false);
        long start = 0, end = entry.Size;
        if ((range.Length > 0 && !TryNumber(range[0], out start)) || (range.Length > 1 && !TryNumber(range[1], out end)))
            return Bad;
        if (start > entry.Size || end < start)
            return Bad;
        end = Math.Min(end, entry.Size);
        if (FileHash.IsTooLong(session, end - start))
            return Reply.Of(556, $"Refused by policy: {name}");
        return Outcome.Start(new Job(session, verb, name, token => FileHash.InSlotAsync(
            session,
            async () => Reply.Of(250, Convert.ToHexString(await FileHash.ComputeAsync(session, path, algorithm, start, end - start, token).ConfigureAwait(false))),
            token)));
    }

    /// <summary>A quoted name, or a whole argument that names a file, or a name with trailing numbers (SUM-3, SUM-5).</summary>
    private static async ValueTask<(string Name, string[] Range)> SplitAsync(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        if (argument[0] == '"' && argument.IndexOf('"', 1) is > 0 and var close)
            return (argument[1..close], Arguments.Tokens(argument[(close + 1)..]));
        if (await session.Driver.GetFileInfoAsync(Arguments.Path(session, argument), cancellationToken).ConfigureAwait(false) is not null)
            return (argument, []);
        string name = argument;
        List<string> range = [];
        while (range.Count < 2 && name.LastIndexOf(' ') is > 0 and var space && TryNumber(name[(space + 1)..], out _))
        {
            range.Insert(0, name[(space + 1)..]);
            name = name[..space];
        }
        return (name, [.. range]);
    }

    private static async ValueTask<Outcome> Md5Async(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        Arguments.Demand(session, FtpPermissions.Read);
        await Arguments.FileAsync(session, Arguments.FilePath(session, argument), cancellationToken).ConfigureAwait(false);
        return Outcome.Start(new Job(session, "MD5", argument, token => FileHash.InSlotAsync(
            session, async () => Reply.Of(251, $"{argument} {await DigestAsync(session, argument, token).ConfigureAwait(false)}"), token)));
    }

    private static async ValueTask<Outcome> Mmd5Async(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        Arguments.Demand(session, FtpPermissions.Read);
        string[] names = [.. argument.Split(',').Select(static name => name.Trim(' '))];
        foreach (string name in names)
        {
            if (name.Length == 0)
                return Reply.Of(501, "MMD5 requires at least one path.");
            await Arguments.FileAsync(session, Arguments.FilePath(session, name), cancellationToken).ConfigureAwait(false);
        }
        return Outcome.Start(new Job(session, "MMD5", argument, token => FileHash.InSlotAsync(
            session,
            async () =>
            {
                List<string> digests = [];
                foreach (string name in names)
                    digests.Add($"{name} {await DigestAsync(session, name, token).ConfigureAwait(false)}");
                return Reply.Of(252, string.Join(", ", digests));
            },
            token)));
    }

    private static async ValueTask<string> DigestAsync(FtpSession session, string name, CancellationToken cancellationToken)
    {
        FtpPath path = Arguments.FilePath(session, name);
        FtpEntry entry = await Arguments.FileAsync(session, path, cancellationToken).ConfigureAwait(false);
        return Convert.ToHexString(await FileHash.ComputeAsync(session, path, FtpHashAlgorithm.Md5, 0, entry.Size, cancellationToken).ConfigureAwait(false));
    }

    private static bool TryNumber(string text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
