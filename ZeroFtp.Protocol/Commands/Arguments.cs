using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Protocol.Commands;

/// <summary>What verbs do with their arguments.</summary>
internal static class Arguments
{
    private const int MaxNameOctets = 255;

    /// <summary>The tokens of an argument that is no pathname; runs of spaces separate them (F959-5.3-5).</summary>
    public static string[] Tokens(string argument) => argument.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The path that a pathname of the client names.</summary>
    public static FtpPath Path(FtpSession session, string pathname) =>
        session.WorkingDirectory.TryResolve(pathname, out FtpPath path) ? path : throw new FtpDriverException(FtpError.NotFound);

    /// <summary>The path of something that is not a directory; a trailing slash would name a directory (F3659-6.2.1-1).</summary>
    public static FtpPath FilePath(FtpSession session, string pathname) =>
        pathname.EndsWith('/') ? throw new FtpDriverException(FtpError.NotADirectory) : Path(session, pathname);

    /// <summary>Refuses a name that may not be created: CR, LF or other control characters that could break lines, too long, or barred by the options (553).</summary>
    public static void CheckNewName(FtpSession session, FtpPath path)
    {
        string name = path.Name;
        if (name.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0 || FtpText.GetByteCount(name) > MaxNameOctets || session.Options.Features.Denies(name))
            throw new FtpDriverException(FtpError.NameNotAllowed);
    }

    /// <summary>Refuses what the user may not do at all.</summary>
    public static void Demand(FtpSession session, FtpPermissions permission)
    {
        if ((session.Permissions & permission) != permission)
            throw new FtpDriverException(FtpError.PermissionDenied);
        if ((permission & (FtpPermissions.Write | FtpPermissions.Append)) != 0)
            DemandAccount(session);
    }

    /// <summary>Refuses what needs one of several rights if the user has none of them anywhere. Where the driver knows more about the path, it decides.</summary>
    public static void DemandAny(FtpSession session, FtpPermissions any)
    {
        if ((session.Permissions & any) == 0)
            throw new FtpDriverException(FtpError.PermissionDenied);
    }

    /// <summary>Refuses adding content at a path: an existing file needs <see cref="FtpPermissions.Append"/>, a new one <see cref="FtpPermissions.Write"/>. Looks the path up only if the user lacks one of them.</summary>
    public static async ValueTask DemandAppendAsync(FtpSession session, FtpPath path, CancellationToken cancellationToken)
    {
        const FtpPermissions Both = FtpPermissions.Append | FtpPermissions.Write;
        DemandAny(session, Both);
        bool isNew = (session.Permissions & Both) != Both && await session.Driver.GetFileInfoAsync(path, cancellationToken).ConfigureAwait(false) is null;
        Demand(session, isNew ? FtpPermissions.Write : FtpPermissions.Append);
    }

    /// <summary>Refuses what the user may not do to this file, although to others: one of these things must be allowed.</summary>
    public static void Demand(FtpEntry entry, FtpPermissions any)
    {
        if (!entry.IsDirectory && !entry.Allows(any))
            throw new FtpDriverException(FtpError.PermissionDenied);
    }

    /// <summary>Refuses storing (STOR, APPE, STOU and RNTO, by RFC 959 section 5.4) until ACCT was given, if the user needs it.</summary>
    public static void DemandAccount(FtpSession session)
    {
        if (session.Login.NeedsStoringAccount)
            throw new FtpDriverException(FtpError.NeedAccount);
    }

    /// <summary>The entry at a path.</summary>
    /// <exception cref="FtpDriverException">NotFound.</exception>
    public static async ValueTask<FtpEntry> EntryAsync(FtpSession session, FtpPath path, CancellationToken cancellationToken) =>
        await session.Driver.GetFileInfoAsync(path, cancellationToken).ConfigureAwait(false) ?? throw new FtpDriverException(FtpError.NotFound);

    /// <summary>The plain file at a path.</summary>
    /// <exception cref="FtpDriverException">NotFound, IsADirectory, NotAPlainFile.</exception>
    public static async ValueTask<FtpEntry> FileAsync(FtpSession session, FtpPath path, CancellationToken cancellationToken)
    {
        FtpEntry entry = await EntryAsync(session, path, cancellationToken).ConfigureAwait(false);
        return entry.Kind switch
        {
            FtpEntryKind.File => entry,
            FtpEntryKind.Directory => throw new FtpDriverException(FtpError.IsADirectory),
            FtpEntryKind.DanglingLink => throw new FtpDriverException(FtpError.NotFound),
            _ => throw new FtpDriverException(FtpError.NotAPlainFile),
        };
    }

    /// <summary>The path with its double quotes doubled, as 257 wants it (RFC 959 appendix II).</summary>
    public static string Quoted(FtpPath path) => path.Text.Contains('"', StringComparison.Ordinal) ? path.Text.Replace("\"", "\"\"", StringComparison.Ordinal) : path.Text;
}
